"""The grammar of agencies: where the name of a body, a fixed group or a list of them begins and ends.

Names come from the gazetteer (`words/agencies.txt`); the grammar puts them together:
a body (`Sở` + field, a name, an open word + capitals) or a group of common nouns ("các sở, ban, ngành"),
then what may follow it ("các huyện, thành phố", "có liên quan", "tỉnh Kiên Giang").
"""

from dataclasses import dataclass

from hieuhoc.engines.reader.lexicon import Tokens, bodies, longest, opens_order, orders

_EACH = {"các", "những", "mỗi", "từng", "mọi"}
_FIELD_HEADS = {"sở", "bộ", "phòng", "ngành", "ban", "ty"}
_JOINTS = {",", "và", "-", "–", "/", "&"}
_LONE = {  # common nouns that alone, without "các" and without a tail, are no body
    "tổ chức", "ban", "cấp", "trường", "báo", "hội", "cục", "đoàn", "bộ", "viện", "xã hội", "nghề nghiệp", "quỹ",
    "phòng", "đài", "vụ", "cơ sở", "lực lượng", "thành viên", "bộ phận", "mạng lưới", "cá nhân", "xã", "huyện",
    "tỉnh", "bản", "sở", "tổ chức hội", "tổ chức đoàn", "truyền thông", "thanh tra", "quân sự", "đại học",
    "thành phố", "phường", "quận", "cơ quan", "đơn vị", "trung tâm", "văn phòng", "ngành", "trường học", "đài, báo",
    "trung cấp", "cao đẳng", "hiệp hội", "công ty", "thư viện", "bảo tàng", "chuyên gia", "tập đoàn", "buôn",
    "hộ gia đình", "điện lực", "câu lạc bộ", "biên phòng", "làng nghề", "nhà văn hóa", "thôn", "ấp", "khu phố",
    "ngân hàng", "thị xã", "thị trấn", "phòng ban", "chi cục", "tổ công tác", "tổ chức công đoàn", "bệnh viện",
}  # fmt: skip
_OWN_AFTER_AND = {"cơ", "cấp", "chính", "mặt", "nhà", "cộng", "doanh"}  # cấp ủy, chính quyền, Mặt trận … after "và"
_ORGAN = {"cơ quan", "đơn vị", "cá nhân"}
_SHY = {  # words that open a name, but not in a line of capitals, where they may open anything
    "tổ", "vùng", "cung", "đội", "đoàn", "báo", "quỹ", "phòng", "trường", "khối", "ban", "hội", "vụ", "viện", "trung",
    "cơ", "thanh", "kiểm", "bộ", "công", "điện", "đài", "trạm", "hạt", "cục",
}  # fmt: skip
_MARKS = set(",;:.()[]\"“”'!?*|")
_COMMITTEES = {"ubnd", "hđnd", "nhân"}


@dataclass(frozen=True)
class Mention:
    """A body named in a text. Units: `first` and `last` are tokens, `last` not included."""

    text: str
    first: int
    last: int
    group: bool = False


def mentions(tokens: Tokens, start: int, *, merge: bool = False, semicolons: bool = False) -> list[Mention]:
    """The list of bodies that begins at a token: one item per body, fixed groups whole.

    `merge` joins neighbouring groups of common nouns, as a heading that names one group does.
    `semicolons` lets a list go on over ";", as subjects and label lines do.
    """
    found: list[Mention] = []
    place = start
    while place < len(tokens):
        item = _item(tokens, place)
        if item is None:
            break
        found.extend(_spread(tokens, item))
        place = _over_joint(tokens, found[-1].last, semicolons=semicolons)
        if place == found[-1].last:
            break
    return _merged(tokens, found) if merge else found


def only_mentions(text: str, *, merge: bool = True) -> tuple[str, ...]:
    """The bodies of a text that holds nothing else; empty where it holds anything else.

    Example:
        >>> only_mentions("Đài Truyền hình Việt Nam, Báo Kiên Giang")
        ('Đài Truyền hình Việt Nam', 'Báo Kiên Giang')
        >>> only_mentions("Sở Y tế tổ chức tập huấn")
        ()
    """
    tokens = Tokens(text)
    found = mentions(tokens, 0, merge=merge, semicolons=True)
    if not found:
        return ()
    rest = found[-1].last
    while rest < len(tokens) and tokens.low[rest] in ".,;:…":
        rest += 1
    if rest < len(tokens) and tokens.low[rest] == "(" and tokens.low[-1] in ").;:":
        rest = len(tokens)
    return tuple(item.text for item in found) if rest == len(tokens) else ()


def stretched(text: str) -> tuple[str, ...]:
    """The bodies of a heading whose first name goes on beyond what the grammar knows, up to a body that it knows.

    Example:
        >>> stretched("Phòng Kiểm tra Xây dựng và phòng cháy, chữa cháy và các cơ quan, đơn vị thuộc Sở")
        ('Phòng Kiểm tra Xây dựng và phòng cháy, chữa cháy', 'các cơ quan, đơn vị thuộc Sở')
    """
    tokens = Tokens(text)
    found = mentions(tokens, 0)
    if not found or len(tokens) > 40:
        return ()
    for place in range(found[-1].last, len(tokens) - 1):
        if tokens.low[place] not in {"và", ","}:
            continue
        rest = mentions(tokens, place + 1)
        if rest and rest[-1].last == len(tokens):
            first = tokens.slice(found[-1].first, place)
            return (*(item.text for item in found[:-1]), first, *(item.text for item in rest))
    return ()


def is_field(text: str) -> bool:
    """Whether a text begins with what a ministry or department is for ("Giáo dục và Đào tạo, Tài chính")."""
    tokens = Tokens(text[:80])
    return bool(len(tokens)) and tokens.caps[0] and longest(bodies()["field"], tokens.low, 0) > 0


def _over_joint(tokens: Tokens, place: int, *, semicolons: bool) -> int:
    """Past what stands between two items of a list, if another item can follow; else `place`."""
    low, after = tokens.low, place
    if after < len(low) and (low[after] == "," or (semicolons and low[after] == ";")):
        after += 1
    if after < len(low) and low[after] in {"và", "cùng", "&"}:
        after += 1
        if after < len(low) and low[after] == "với" and low[after - 1] == "cùng":
            after += 1
    return after if after > place and after < len(low) and _item(tokens, after) is not None else place


def _item(tokens: Tokens, start: int) -> Mention | None:
    low, place = tokens.low, start
    if place >= len(low):
        return None
    if low[place : place + 2] == ["tất", "cả"] or low[place : place + 2] == ["một", "số"]:
        place += 2
    if low[place : place + 3] == ["các", "đồng", "chí"]:
        place += 3
    elif low[place : place + 2] == ["đồng", "chí"]:
        place += 2
    each = place < len(low) and low[place] in _EACH
    if each:
        place += 1
    post = longest(bodies()["post"], low, place)
    if post > place and post < len(low):
        inner = _item(tokens, post + (low[post] == "của"))
        if inner is not None:
            return Mention(tokens.slice(start, inner.last), start, inner.last, inner.group)
        nouns = _nouns(tokens, post, each=True)  # "Giám đốc sở, Thủ trưởng cơ quan"
        if nouns > post:
            return Mention(tokens.slice(start, nouns), start, nouns, True)
    body = _body(tokens, place, each=each)
    nouns = _nouns(tokens, place, each=each)
    if body > place:
        body = _tails(tokens, body)
    own = body > place and not each and tokens.caps[place] and _first_noun(tokens, place) <= body
    group = nouns > body and not own
    end = nouns if group else body
    if end == place:
        return None
    return Mention(tokens.slice(start, end), start, end, group)


def _first_noun(tokens: Tokens, place: int) -> int:
    return longest(bodies()["noun"], tokens.low, place)


def _body(tokens: Tokens, place: int, *, each: bool) -> int:
    """Where a body's name that begins here ends, without tails; `place` where none begins."""
    low = tokens.low
    if place >= len(low):
        return place
    gazetteer = bodies()
    if not (each or tokens.caps[place] or low[place] == "ngành"):
        written_small = longest(gazetteer["name"], low, place)
        return written_small if written_small - place > 3 else place
    best = place
    name = longest(gazetteer["name"], low, place)
    if name > place and (name - place > 1 or tokens.caps[place]):
        best = _capitals(tokens, name) if tokens.caps[place] else name
    if low[place] in _FIELD_HEADS:
        field = longest(gazetteer["field"], low, place + 1)
        if field > place + 1 and (tokens.caps[place + 1] or low[place] == "phòng"):
            best = max(best, field)
    opening = longest(gazetteer["open"], low, place)
    if opening > place and tokens.caps[place] and not (tokens.shouted and low[place] in _SHY):
        run = _run(tokens, opening)
        if run > opening:
            best = max(best, run)
    return best


def _capitals(tokens: Tokens, place: int) -> int:
    """Past capitalised words that go on with a name ("Báo Kiên Giang"), if they begin nothing of their own."""
    while (
        place < len(tokens) and (tokens.caps[place] or tokens.low[place].isdigit()) and not _begins_anew(tokens, place)
    ):
        place += 1
    return place


def _begins_anew(tokens: Tokens, place: int) -> bool:
    low, gazetteer = tokens.low, bodies()
    if longest(gazetteer["name"], low, place) - place > 0 or longest(gazetteer["post"], low, place) > place:
        return True
    if longest(gazetteer["tail"], low, place) - place > 1 or low[place] in {"tỉnh", "huyện", "xã", "phường"}:
        return True
    return longest(orders()["verb"], low, place) - place > 1


def _run(tokens: Tokens, place: int) -> int:
    """Past the words of an open name: capitalised ones, and small ones that lead to a capitalised one."""
    low, caps = tokens.low, tokens.caps
    if place >= len(low) or not caps[place] or low[place] in _COMMITTEES:
        return place
    if _own_body(tokens, place):
        return max(_body(tokens, place, each=False), place)
    end = place
    ahead = place
    while ahead < len(low) and ahead - place < 24:
        word = low[ahead]
        if caps[ahead] or word.isdigit():
            if ahead > place and caps[ahead] and _own_body(tokens, ahead):
                break
            ahead += 1
            end = ahead
            continue
        if word in {"-", "–", "và", "&"} and ahead + 1 < len(low) and (caps[ahead + 1] or word != "và"):
            if word == "và" and _own_body(tokens, ahead + 1):
                break
            ahead += 1
            continue
        small = ahead
        while small < len(low) and small - ahead < 4 and low[small].isalpha() and not caps[small]:
            if low[small] in _EACH or low[small] == "và" or longest(orders()["stop"], low, small) > small:
                break
            if small > ahead and longest(orders()["verb"], low, small) - small > 1:
                break
            small += 1
        reaches = small < len(low) and caps[small] and small > ahead and not _own_body(tokens, small)
        if small == ahead or not (reaches or ahead == end):
            break
        if not reaches:
            # the last syllables of the last word ("Thoát nước", "Người khuyết tật"), unless an order begins with them
            if longest(orders()["verb"], low, ahead) > ahead or longest(orders()["adverb"], low, ahead) > ahead:
                break
            end = small if small - ahead < 3 and _closes_name(tokens, small) else ahead + 1
            break
        ahead = small
    return end


def _closes_name(tokens: Tokens, place: int) -> bool:
    if place >= len(tokens) or tokens.low[place] in _MARKS or tokens.low[place] == "và":
        return True
    return longest(bodies()["tail"], tokens.low, place) > place


def _own_body(tokens: Tokens, place: int) -> bool:
    low, gazetteer = tokens.low, bodies()
    name = longest(gazetteer["name"], low, place)
    if name > place:
        return True
    opening = longest(gazetteer["open"], low, place)
    return opening > place and opening < len(low) and tokens.caps[opening] and low[place] not in {"tổ", "vùng", "cung"}


def _nouns(tokens: Tokens, start: int, *, each: bool) -> int:
    """Where a group of common nouns ends ("sở, ban, ngành, đoàn thể có liên quan"); `start` where none begins."""
    low, trie = tokens.low, bodies()["noun"]
    first = longest(trie, low, start)
    if first == start or (not each and low[start:first] == ["tổ", "chức"]):
        return start
    place, count, tailed = first, 1, False
    seen = {" ".join(low[start:first])}
    end = _tails(tokens, place)
    tailed = end > place
    place = end
    while place < len(low):
        after = place
        if low[after] in {",", "và", "/", "-", "–"}:
            after += 1
        bare_joint = after == place
        if after < len(low) and low[after] in {"và"} and after > place:
            after += 1
        if after >= len(low) or low[after] in _EACH:
            break
        noun = longest(trie, low, after)
        if noun == after or (tokens.caps[after] and _body(tokens, after, each=False) > noun):
            break
        if bare_joint and (count < 2 or low[after] in {"tổ", "báo", "hội", "thanh", "cấp", "phòng", "đoàn", "thành"}):
            break
        if low[place] == "và" and low[after] in _OWN_AFTER_AND:
            break
        if low[after : after + 2] == ["tổ", "chức"] and _is_verb(tokens, after, noun, seen):
            break
        if low[place] == "và" and noun - after < 3 and opens_order(tokens, after) and not _closes_noun(tokens, noun):
            break
        seen.add(" ".join(low[after:noun]))
        count += 1
        end = _tails(tokens, noun)
        tailed = tailed or end > noun
        place = end
    if each or tailed or count > 1:
        return place
    lone = " ".join(low[start:first]) in _LONE
    return start if lone else place


def _is_verb(tokens: Tokens, place: int, noun: int, seen: set[str]) -> bool:
    """Whether "tổ chức" in a list is the verb "to organise" and no body."""
    if noun - place > 2 and " ".join(tokens.low[place:noun]) not in {"tổ chức hội", "tổ chức đoàn"}:
        return False
    if _closes_noun(tokens, noun) or longest(bodies()["tail"], tokens.low, noun) > noun:
        return False
    return not (seen & _ORGAN) or tokens.low[place - 1] != ","


def _closes_noun(tokens: Tokens, place: int) -> bool:
    return place >= len(tokens) or tokens.low[place] in _MARKS or tokens.low[place] == "và"


def _tails(tokens: Tokens, place: int) -> int:
    """Past everything that may follow a name and belongs to it."""
    low = tokens.low
    while place < len(low):
        following = max(longest(bodies()["tail"], low, place), _units(tokens, place))
        if following == place and low[place] == "của":
            inner = _units(tokens, place + 1)
            named = _body(tokens, place + 1, each=False) if inner == place + 1 else place
            following = inner if inner > place + 1 else _tails(tokens, named) if named > place + 1 else place
        if following == place and low[place] in {"thuộc", "thuộc,"} and place + 1 < len(low):
            inner_body = _body(tokens, place + 1, each=False)
            following = _tails(tokens, inner_body) if inner_body > place + 1 else place
        if following == place and low[place] in {"-", "–"} and place + 1 < len(low) and _own_body(tokens, place + 1):
            following = max(_body(tokens, place + 1, each=False), place)
        if following == place and low[place] == "(":
            following = _abbreviation(tokens, place)
        if following == place:
            return place
        if following - place > 1 and tokens.caps[following - 1]:
            # "trực thuộc Tỉnh ủy": the last word of the tail begins a name
            following -= longest(bodies()["name"], low, following - 1) > following
        if low[following - 1] == "thuộc" and following < len(low) and _own_body(tokens, following):
            following = max(_body(tokens, following, each=False), following)
        if low[following - 1] in _PLACED:
            following = _place_name(tokens, following)
        place = following
    return place


_PLACED = {"tỉnh", "phố", "huyện", "quận", "xã", "phường", "trấn", "khu", "tp", "nhánh", "vực"}


def _place_name(tokens: Tokens, place: int) -> int:
    while place < len(tokens) and (tokens.caps[place] or tokens.low[place].isdigit()):
        if _begins_anew(tokens, place) or _own_body(tokens, place):
            break
        place += 1
    return place


def _abbreviation(tokens: Tokens, place: int) -> int:
    """Past "(BHXH)" after a name that goes on."""
    end = place + 1
    while end < len(tokens) and end - place < 7 and tokens.low[end] != ")":
        end += 1
    if end >= len(tokens) or tokens.low[end] != ")" or end == place + 1:
        return place
    inner = tokens.text[tokens.ends[place] : tokens.starts[end]]
    return end + 1 if inner.replace("-", "").replace("&", "").isupper() and " " not in inner.strip() else place


def _units(tokens: Tokens, start: int) -> int:
    """Past a list of kinds of place: "các huyện, thị xã, thành phố"."""
    low, trie = tokens.low, bodies()["unit"]
    place = start + 1 if start < len(low) and low[start] in {"các", "mỗi", "từng"} else start
    end = longest(trie, low, place)
    if end == place:
        return start
    while end < len(low):
        if low[end - 1] in _PLACED:
            end = _place_name(tokens, end)
        after = end + 1 if end < len(low) and low[end] in {",", "và", "-", "–", "/"} else end
        if after == end:
            break
        if after < len(low) and low[after] == "các":
            after += 1
            if not (after < len(low) and longest(trie, low, after) > after and low[after] != "địa"):
                break
        following = longest(trie, low, after)
        if following == after or _own_body(tokens, after) or (low[after] in {"địa", "cấp"} and low[after - 1] == "các"):
            break
        end = following
    return end


def _spread(tokens: Tokens, item: Mention) -> list[Mention]:
    """One mention for each of "các sở: Tài chính, Nội vụ" or "Sở Tài chính, Kế hoạch và Đầu tư"."""
    low, trie = tokens.low, bodies()["field"]
    heads = [place for place in range(item.first, min(item.first + 4, item.last)) if low[place] in _FIELD_HEADS]
    if not heads:
        return [item]
    head = heads[-1] if len(heads) == 1 else heads[0]
    place = head + 1
    if place < len(low) and low[place] == ":":
        place += 1
    fields: list[tuple[int, int]] = []
    while place < len(low) and tokens.caps[place] and not _own_body(tokens, place):
        end = longest(trie, low, place)
        if end == place:
            break
        fields.append((place, end))
        place = end + 1 if end < len(low) and low[end] in {",", ";", "và", "-", "–"} else len(low)
        if place < len(low) and low[place] == "và":
            place += 1
    if len(fields) < 2 or low[head] == "ban":
        return [item]
    word = tokens.slice(head, head + 1)
    word = word[0].upper() + word[1:]
    before = tokens.slice(item.first, head) + " " if item.first < head else ""
    before = "" if before.strip().lower() in _EACH else before.replace(" các ", " ")
    last = _tails(tokens, fields[-1][1])
    spread = [Mention(f"{before}{word} {tokens.slice(*field)}", item.first, field[1]) for field in fields]
    spread[-1] = Mention(f"{before}{word} {tokens.slice(fields[-1][0], last)}", item.first, last)
    return spread


def _merged(tokens: Tokens, found: list[Mention]) -> list[Mention]:
    merged: list[Mention] = []
    for item in found:
        before = merged[-1] if merged else None
        if before and before.group and item.group and tokens.low[before.last] == "," and item.first == before.last + 1:
            merged[-1] = Mention(tokens.slice(before.first, item.last), before.first, item.last, True)
        else:
            merged.append(item)
    return merged
