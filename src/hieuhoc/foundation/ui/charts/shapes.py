"""Real shapes of units: GeoJSON read with suspicion, borders thinned once for both neighbours, drawn as SVG paths."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import cos, radians
from typing import Any

from hieuhoc.kernel.errors import Invalid

Position = tuple[float, float]
"""Longitude and latitude in degrees, as GeoJSON has them."""
Ring = tuple[Position, ...]

MOST_OCTETS = 20_000_000
MOST_FEATURES = 2_000
MOST_POSITIONS = 600_000
DECIMALS = 5  # about a metre: two neighbours that say the same border say it alike
WIDTH = 1000  # of a drawing, in its own units


@dataclass(frozen=True)
class Feature:
    """A unit as a file names it: its properties as text, and its rings, holes among them."""

    properties: Mapping[str, str]
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Shapes:
    """A drawing: for each unit the `d` of its path, and where its name may stand; `height` belongs to `WIDTH`."""

    height: int
    paths: Mapping[str, str]
    middles: Mapping[str, tuple[int, int]]
    width: int = WIDTH


def read_boundaries(octets: bytes) -> list[Feature]:
    """The features of a GeoJSON file.

    Raises: Invalid, in a sentence, for what is too large, no GeoJSON, or not in degrees.
    """
    if len(octets) > MOST_OCTETS:
        raise Invalid("Tệp ranh giới lớn hơn 20 MB. Hãy dùng bản đã đơn giản hóa.")
    try:
        told = json.loads(octets.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Invalid("Tệp không phải GeoJSON: không đọc được như JSON.") from error
    listed = told.get("features") if isinstance(told, dict) and told.get("type") == "FeatureCollection" else None
    if not isinstance(listed, list) or not listed:
        raise Invalid("Tệp không phải GeoJSON kiểu FeatureCollection, hoặc không có đơn vị nào.")
    if len(listed) > MOST_FEATURES:
        raise Invalid("Tệp có hơn 2.000 đơn vị. Hãy tách theo tỉnh.")
    found, total = [], 0
    for number, one in enumerate(listed, start=1):
        feature = _feature(one, number)
        total += sum(len(ring) for ring in feature.rings)
        if total > MOST_POSITIONS:
            raise Invalid("Tệp có hơn 600.000 đỉnh. Hãy dùng bản đã đơn giản hóa.")
        found.append(feature)
    return found


def _feature(told: Any, number: int) -> Feature:
    told = told if isinstance(told, dict) else {}
    geometry = told.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    kind = geometry.get("type")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Invalid("Đối tượng thứ {number} không phải Polygon hay MultiPolygon.", number=number)
    polygons = geometry.get("coordinates")
    polygons = [polygons] if kind == "Polygon" else polygons
    rings = [
        _ring(ring, number)
        for polygon in (polygons if isinstance(polygons, list) else [None])
        for ring in (polygon if isinstance(polygon, list) else [None])
    ]
    given = told.get("properties")
    texts = {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    if told.get("id") is not None:
        texts.setdefault("id", str(told["id"]))
    return Feature(texts, tuple(ring for ring in rings if ring))


def _ring(told: Any, number: int) -> Ring:
    """One ring, closed, without positions twice. A ring of no extent is left out."""
    if not isinstance(told, list):
        raise Invalid("Đối tượng thứ {number} có vòng không đúng dạng.", number=number)
    found: list[Position] = []
    for position in told:
        if (
            not isinstance(position, list)
            or len(position) < 2
            or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in position[:2])
        ):
            raise Invalid("Đối tượng thứ {number} có tọa độ không phải số.", number=number)
        if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
            raise Invalid(
                "Đối tượng thứ {number} có tọa độ không phải kinh độ, vĩ độ (độ thập phân, WGS 84).",
                number=number,
            )
        place = (round(float(position[0]), DECIMALS), round(float(position[1]), DECIMALS))
        if not found or place != found[-1]:
            found.append(place)
    if found and found[0] != found[-1]:
        found.append(found[0])
    return tuple(found) if len(found) >= 4 else ()


# ---- thinning ----------------------------------------------------------------------------------------------


def simplified(units: Mapping[str, Sequence[Ring]], *, most: int = 4000) -> dict[str, tuple[Ring, ...]]:
    """The same units with at most about `most` positions in all, each border thinned once for both its sides.

    Rings are cut where more than two borders meet; each piece (an arc) is thinned by itself, whichever way a unit runs
    along it, so that no gap and no overlap opens between neighbours. Every unit keeps at least its largest ring.

    Source: the idea of TopoJSON; Visvalingam's effective area decides which position goes first.
    """
    arcs, built = _arcs(units)
    weights = {key: _areas(arc) for key, arc in arcs.items()}
    every = sorted((area for areas in weights.values() for area in areas), reverse=True)
    least = every[most] if len(every) > most else 0.0
    thin = {
        key: tuple(place for place, area in zip(arc, weights[key], strict=True) if area > least)
        for key, arc in arcs.items()
    }
    found: dict[str, tuple[Ring, ...]] = {}
    for unit, rings in built.items():
        joined = [_joined([thin[key] if forward else thin[key][::-1] for key, forward in ring]) for ring in rings]
        kept = [ring for ring in joined if len(ring) >= 4]
        found[unit] = tuple(kept) or (max(units[unit], key=len),)
    return found


ArcKey = tuple[Position, ...]


def _arcs(
    units: Mapping[str, Sequence[Ring]],
) -> tuple[dict[ArcKey, ArcKey], dict[str, list[list[tuple[ArcKey, bool]]]]]:
    """Every piece of border once, and each ring as the pieces it runs along, forwards or backwards."""
    beside: dict[Position, set[Position]] = defaultdict(set)
    for rings in units.values():
        for ring in rings:
            for one, other in pairwise(ring):
                beside[one].add(other)
                beside[other].add(one)
    joints = {place for place, neighbours in beside.items() if len(neighbours) != 2}
    arcs: dict[ArcKey, ArcKey] = {}
    built: dict[str, list[list[tuple[ArcKey, bool]]]] = {}
    for unit, rings in units.items():
        built[unit] = [[_take(arcs, piece) for piece in _pieces(ring, joints)] for ring in rings]
    return arcs, built


def _pieces(ring: Ring, joints: set[Position]) -> list[Ring]:
    """A ring cut at its joints; one without joints begins at its least position, whoever runs along it."""
    inner = ring[:-1]
    start = next((at for at, place in enumerate(inner) if place in joints), None)
    if start is None:
        start = min(range(len(inner)), key=lambda at: inner[at])
    turned = (*inner[start:], *inner[: start + 1])
    cuts = [0, *(at for at in range(1, len(turned) - 1) if turned[at] in joints), len(turned) - 1]
    return [turned[one : other + 1] for one, other in pairwise(cuts)]


def _take(arcs: dict[ArcKey, ArcKey], piece: Ring) -> tuple[ArcKey, bool]:
    backwards = piece[::-1]
    key, forward = (piece, True) if piece <= backwards else (backwards, False)
    arcs.setdefault(key, key)
    return key, forward


def _areas(arc: ArcKey) -> list[float]:
    """For each position the area that is lost with it, never less than of one that went before; ends are kept."""
    count = len(arc)
    areas = [float("inf")] * count
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    heap = _Heap((_triangle(arc[at - 1], arc[at], arc[at + 1]), at) for at in range(1, count - 1))
    lost = 0.0
    closed = arc[0] == arc[-1]
    left = count
    while heap:
        area, at = heap.pop()
        if closed and left <= 4:
            break  # three corners are what makes a ring
        lost = max(lost, area)
        areas[at] = lost
        left -= 1
        one, other = before[at], after[at]
        after[one], before[other] = other, one
        for near in (one, other):
            if 0 < near < count - 1:
                heap.change(_triangle(arc[before[near]], arc[near], arc[after[near]]), near)
    return areas


class _Heap:
    """A queue by area in which an entry may change; the last word on a position counts."""

    def __init__(self, entries: Iterable[tuple[float, int]]) -> None:
        self.entries = list(entries)
        self.current = {at: area for area, at in self.entries}
        heapify(self.entries)

    def __bool__(self) -> bool:
        return bool(self.current)

    def pop(self) -> tuple[float, int]:
        while True:
            area, at = heappop(self.entries)
            if self.current.get(at) == area:
                del self.current[at]
                return area, at

    def change(self, area: float, at: int) -> None:
        if at in self.current:
            self.current[at] = area
            heappush(self.entries, (area, at))


def _triangle(one: Position, two: Position, three: Position) -> float:
    return abs((two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])) / 2


def _joined(pieces: Sequence[ArcKey]) -> Ring:
    found: list[Position] = []
    for piece in pieces:
        found += piece if not found else piece[1:]
    return tuple(found)


# ---- drawing -----------------------------------------------------------------------------------------------


def shapes_of(units: Mapping[str, Sequence[Ring]]) -> Shapes:
    """The paths of some units on one drawing `WIDTH` wide: degrees east are as long as they are at its latitude."""
    places = [place for rings in units.values() for ring in rings for place in ring]
    if not places:
        return Shapes(0, {}, {})
    west, east = min(x for x, _y in places), max(x for x, _y in places)
    south, north = min(y for _x, y in places), max(y for _x, y in places)
    shrunk = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * shrunk, north - south, 1e-9)
    width = max(1, round((east - west) * shrunk * scale))

    def at(place: Position) -> tuple[int, int]:
        return round((place[0] - west) * shrunk * scale), round((north - place[1]) * scale)

    paths, middles = {}, {}
    for unit, rings in units.items():
        drawn = [[at(place) for place in ring] for ring in rings]
        paths[unit] = "".join(_path(ring) for ring in drawn)
        middles[unit] = _middle(max(drawn, key=len)) if drawn else (0, 0)
    return Shapes(max(1, round((north - south) * scale)), paths, middles, width)


def _path(ring: Sequence[tuple[int, int]]) -> str:
    """A ring as whole steps from corner to corner, which is shorter than naming every corner."""
    x, y = ring[0]
    steps = [f"M{x} {y}"]
    for next_x, next_y in ring[1:-1]:
        if (next_x, next_y) != (x, y):
            steps.append(f"l{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return "".join(steps) + "z"


def _middle(ring: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The centre of a ring's area; of its corners where it has none."""
    doubled = [one[0] * other[1] - other[0] * one[1] for one, other in pairwise(ring)]
    whole = sum(doubled)
    if not whole:
        return sum(x for x, _y in ring) // len(ring), sum(y for _x, y in ring) // len(ring)
    x = sum((one[0] + other[0]) * part for (one, other), part in zip(pairwise(ring), doubled, strict=True))
    y = sum((one[1] + other[1]) * part for (one, other), part in zip(pairwise(ring), doubled, strict=True))
    return round(x / (3 * whole)), round(y / (3 * whole))
