"""Reads settings from the environment. A wrong value stops the start with a sentence."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "HIEUHOC_"


def text(name: str, default: str = "") -> str:
    """The setting `HIEUHOC_<name>`, or the content of the file that `HIEUHOC_<name>_FILE` names."""
    if path := os.environ.get(f"{PREFIX}{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{PREFIX}{name}_FILE: cannot read {path} ({error.strerror})") from error
    return os.environ.get(f"{PREFIX}{name}", default)


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no setting: 1/0, true/false, yes/no."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{PREFIX}{name} must be 1 or 0, not {value!r}")


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def day(name: str) -> date | None:
    """A date in ISO form, or None when it is not set."""
    value = text(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be a date such as 2020-11-16, not {value!r}") from error


def database(data_dir: Path) -> dict[str, Any]:
    """The database that `HIEUHOC_DATABASE_URL` names; without it, SQLite in the data folder."""
    url = text("DATABASE_URL")
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or data_dir / "hieuhoc.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{PREFIX}DATABASE_URL must begin with postgresql:// or sqlite://, not {url!r}")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")) or "hieuhoc",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def secret_key(data_dir: Path) -> str:
    """The signing key: the setting, or one made at the first start and kept in the data folder."""
    if value := text("SECRET_KEY"):
        return value
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")
