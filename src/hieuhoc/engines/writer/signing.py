"""Who signs, and by what authority: the lines above a signature.

Source: Decree 30/2020/NĐ-CP, Annex I, Part II, item 7 (a): TM. for a collective, Q. acting, KT. for the head,
TL. by order, TUQ. by delegated authorisation.
"""

from typing import Literal, get_args

from hieuhoc.engines.writer.paper import Signature

Prefix = Literal["", "TM.", "Q.", "KT.", "TL.", "TUQ."]


def authority(prefix: Prefix, head: str, post: str = "", *, body: str = "", name: str = "") -> Signature:
    """The signature of `name`, who signs as or for the head of an agency.

    `head` is the post of the head; `post` the signer's own where it is another; `body` the collective for which is
    signed. Posts are given without prefixes; everything is written in capitals on paper.

    Raises: ValueError for an unknown prefix, a collective without its name, or "by order" without the signer's post.

    Example:
        >>> authority("KT.", "Chủ tịch", body="Ủy ban nhân dân", name="Mai Văn Huỳnh")
        Signature(authority='TM. Ủy ban nhân dân', post='KT. Chủ tịch\\nPhó Chủ tịch', name='Mai Văn Huỳnh')
        >>> authority("TL.", "Chủ tịch", "Chánh Văn phòng").post
        'TL. Chủ tịch\\nChánh Văn phòng'
        >>> authority("Q.", "Giám đốc").post
        'Q. Giám đốc'
    """
    if prefix not in get_args(Prefix):
        raise ValueError(f"there is no prefix “{prefix}” of a signature")
    if prefix == "TM." and not body.strip():
        raise ValueError("TM. needs the collective for which is signed")
    if prefix in ("TL.", "TUQ.") and not post.strip():
        raise ValueError(f"{prefix} needs the post of whoever signs")
    above = f"TM. {body.strip()}" if body.strip() else ""
    if prefix == "KT.":
        own = post.strip() or f"Phó {head.strip()}"
        return Signature(above, f"KT. {head.strip()}\n{own}", name)
    if prefix in ("TL.", "TUQ."):
        return Signature(above, f"{prefix} {head.strip()}\n{post.strip()}", name)
    return Signature(above, f"Q. {head.strip()}" if prefix == "Q." else head.strip(), name)
