"""What learning materials are: their licences, languages and forms, and what these are called elsewhere. No Django."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold

LICENCES: Mapping[str, str] = {
    "cc0": Term("CC0: dành cho mọi người, không giữ quyền"),
    "public-domain": Term("hết thời hạn bảo hộ, thuộc về công chúng"),
    "cc-by": Term("CC BY: ghi tên tác giả"),
    "cc-by-sa": Term("CC BY-SA: ghi tên tác giả, chia sẻ tương tự"),
    "cc-by-nc": Term("CC BY-NC: ghi tên tác giả, phi thương mại"),
    "cc-by-nc-sa": Term("CC BY-NC-SA: ghi tên, phi thương mại, chia sẻ tương tự"),
    "cc-by-nd": Term("CC BY-ND: ghi tên tác giả, không sửa đổi"),
    "cc-by-nc-nd": Term("CC BY-NC-ND: ghi tên, phi thương mại, không sửa đổi"),
    "permitted": Term("tác giả cho phép dùng trong đơn vị, không phát hành"),
    "reserved": Term("giữ mọi quyền"),
}
OPEN = frozenset(code for code in LICENCES if code.startswith("cc") or code == "public-domain")
"""The licences under which a file may be handed to anybody."""
_ADDRESSES: Mapping[str, str] = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "public-domain": "https://creativecommons.org/publicdomain/mark/1.0/",
} | {
    code: f"https://creativecommons.org/licenses/{code.removeprefix('cc-')}/4.0/"
    for code in LICENCES
    if code.startswith("cc-")
}

# ISO 639: two letters where a language has them, else three.
LANGUAGES: Mapping[str, str] = {
    "vi": Term("tiếng Việt"),
    "km": Term("tiếng Khmer"),
    "zh": Term("tiếng Hoa"),
    "cjm": Term("tiếng Chăm"),
    "tyz": Term("tiếng Tày"),
    "nut": Term("tiếng Nùng"),
    "blt": Term("tiếng Thái"),
    "mtq": Term("tiếng Mường"),
    "hmn": Term("tiếng Mông"),
    "jra": Term("tiếng Gia Rai"),
    "rad": Term("tiếng Ê Đê"),
    "bdq": Term("tiếng Ba Na"),
    "en": Term("tiếng Anh"),
    "fr": Term("tiếng Pháp"),
    "zxx": Term("không dùng lời"),
    "other": Term("ngôn ngữ khác"),
}
_OTHER_NAMES = {"vie": "vi", "khm": "km", "zho": "zh", "chi": "zh", "eng": "en", "fra": "fr", "fre": "fr"}

FORMS: Mapping[str, str] = {
    "text": Term("bài viết, tài liệu"),
    "book": Term("sách"),
    "slides": Term("bài trình chiếu"),
    "image": Term("tranh, ảnh, áp phích"),
    "video": Term("phim, video"),
    "audio": Term("bài nghe, phát thanh"),
    "course": Term("khóa học trực tuyến"),
    "exercise": Term("bài tập, đề kiểm tra"),
    "software": Term("phần mềm, trò chơi học tập"),
    "dataset": Term("bộ số liệu"),
    "other": Term("dạng khác"),
}
# The DCMI Type Vocabulary's word for each form, and the way back.
_TYPES: Mapping[str, str] = {
    "text": "Text",
    "book": "Text",
    "slides": "Text",
    "image": "StillImage",
    "video": "MovingImage",
    "audio": "Sound",
    "course": "InteractiveResource",
    "exercise": "Text",
    "software": "Software",
    "dataset": "Dataset",
    "other": "",
}
_FORMS_OF_TYPES: Mapping[str, str] = {
    "text": "text",
    "article": "text",
    "book": "book",
    "image": "image",
    "stillimage": "image",
    "movingimage": "video",
    "video": "video",
    "sound": "audio",
    "audio": "audio",
    "interactiveresource": "course",
    "course": "course",
    "learningobject": "course",
    "software": "software",
    "dataset": "dataset",
    "presentation": "slides",
}
_LICENCE_IN_WORDS = re.compile(r"\b(?:cc|creative commons)[ -]+(by(?:-(?:nc|sa|nd))*)\b", re.IGNORECASE)
_LICENCE_IN_ADDRESS = re.compile(r"creativecommons\.org/licenses/([a-z-]+)/", re.IGNORECASE)
MOST_ADDRESS, MOST_LICENCE = 500, 60


def is_open(licence: str) -> bool:
    """Whether a file under this licence may be handed to anybody."""
    return licence in OPEN


def rights_of(licence: str) -> str:
    """What a licence is called in Dublin Core: an address where it has one."""
    return _ADDRESSES.get(licence, str(LICENCES.get(licence, licence)))


def licence_of(rights: Iterable[str]) -> str:
    """The licence that words of another repository name: a code of ours, or their own words cut to our length.

    Example:
        >>> licence_of(["http://creativecommons.org/licenses/by-nc/3.0/vn/"]), licence_of(["© 2019"])
        ('cc-by-nc', '© 2019')
    """
    told = [text.strip() for text in rights if text.strip()]
    names = {str(name).casefold(): code for code, name in LICENCES.items()}
    for text in told:
        if found := _LICENCE_IN_ADDRESS.search(text) or _LICENCE_IN_WORDS.search(text):
            code = f"cc-{found[1].lower()}"
            if code in LICENCES:
                return code
        if "publicdomain/zero" in text.lower() or re.search(r"\bcc0\b", text, re.IGNORECASE):
            return "cc0"
        if "publicdomain/mark" in text.lower() or text.casefold() == "public domain":
            return "public-domain"
        if text.casefold() in names:
            return names[text.casefold()]
    return told[0][:MOST_LICENCE] if told else ""


def language_of(told: Iterable[str]) -> str:
    """The language that another repository names; `other` for one that we do not list, Vietnamese where none is said.

    Example:
        >>> language_of(["vie"]), language_of(["en-GB"]), language_of(["sw"]), language_of([])
        ('vi', 'en', 'other', 'vi')
    """
    for text in told:
        code = re.split(r"[-_ ]", text.strip().lower())[0]
        code = _OTHER_NAMES.get(code, code)
        if code:
            return code if code in LANGUAGES else "other"
    return "vi"


def type_of(form: str) -> str:
    """The word of the DCMI Type Vocabulary; empty where it has none."""
    return _TYPES.get(form, "")


def form_of(types: Iterable[str]) -> str:
    """The form that another repository names.

    Example:
        >>> form_of(["info:eu-repo/semantics/article"]), form_of(["Moving Image"]), form_of([])
        ('text', 'video', 'other')
    """
    # What is ours by name says more than the word of the vocabulary beside it.
    told = [re.sub(r"[^a-z]", "", text.rsplit("/", 1)[-1].lower()) for text in types]
    exact = next((word for word in told if word in FORMS and word not in ("text", "other")), "")
    return exact or next((_FORMS_OF_TYPES[word] for word in told if word in _FORMS_OF_TYPES), "other")


def field_of(subjects: Iterable[str], fields: Mapping[str, str]) -> str:
    """The field of learning that one of another repository's subjects names, by its code or name; else `other`."""
    named = {fold(str(name)): code for code, name in fields.items()} | {code: code for code in fields}
    return next((named[fold(text)] for text in subjects if fold(text) in named), "other")


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web that we can keep."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= MOST_ADDRESS
    except ValueError:
        return False


def check(*, title: str, url: str, has_file: bool, language: str, form: str, licence: str) -> None:
    """Raises: Invalid (with the field) for a material that nobody could find, open or use lawfully."""
    if not title.strip():
        raise Invalid("Hãy ghi tên học liệu.", field="title")
    if not url and not has_file:
        raise Invalid("Hãy gửi tệp hoặc ghi địa chỉ của học liệu.", field="url")
    if url and not is_web_address(url):
        raise Invalid("Địa chỉ phải bắt đầu bằng http:// hoặc https://.", field="url")
    if language not in LANGUAGES:
        raise Invalid("Hãy chọn ngôn ngữ.", field="language")
    if form not in FORMS:
        raise Invalid("Hãy chọn dạng học liệu.", field="form")
    if licence not in LICENCES:
        raise Invalid("Hãy chọn giấy phép.", field="licence")
