"""Which language a page is in: Vietnamese, unless the person has chosen another.

Django's own middleware also follows the browser's list of languages; most browsers here are set up in English by
whoever installed them, and would show an official the wrong one.
"""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Follows the choice kept in the language cookie, and nothing else."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
