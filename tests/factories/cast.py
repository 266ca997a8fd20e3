"""The cast: the same named people at the same places in every test.

A small province with two departments, one district, two communes side by side. Everybody holds one role; nobody
may see what belongs to the commune next door.
"""

from dataclasses import dataclass
from datetime import date

from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.services.grants import write_grant
from hieuhoc.registers.places.models import Unit
from tests.factories import places

TODAY = date(2020, 11, 16)
SINCE = date(2020, 1, 1)
PASSWORD = "mot-mat-khau-dai-9"


@dataclass(frozen=True)
class Cast:
    """Who there is, and where."""

    province: Unit
    committee: Unit  # the province's People's Committee, which issues its plans
    education: Unit  # the department that leads on plans
    finance: Unit  # a department that is given tasks
    district: Unit
    commune: Unit  # An's
    next_door: Unit  # Chi's

    minh: User  # leader of the province
    binh: User  # of the lead department, for the whole province
    hanh: User  # officer of the finance department
    dung: User  # officer of the district
    an: User  # clerk of the commune
    hue: User  # director of the community learning centre of An's commune
    lan: User  # helps with classes there
    chi: User  # clerk of the commune next door: must see nothing of An's
    xuan: User  # reads, in the whole province, and changes nothing
    tri: User  # administrator of the province
    nobody: User  # has an account and no role

    @property
    def people(self) -> dict[str, User]:
        """Everybody by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def make_user(username: str, full_name: str, title: str = "") -> User:
    """A user without any role."""
    user = User.objects.create_user(
        username, email=f"{username}@example.vn", password=PASSWORD, full_name=full_name, title=title
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def give(user: User, role: str, unit: Unit, *, since: date = SINCE) -> User:
    """The user, with a role at a unit."""
    write_grant(by=trail.HOUSE, user=user, role=role, unit=unit, valid_from=since, valid_to=None, note="")
    return user


def make_cast(*, mark: str = "", province_name: str = "Tỉnh Hòa Bắc") -> Cast:
    """The whole cast in its province; with a `mark` behind every user name, a second cast in another one."""

    def person(username: str, full_name: str, title: str = "") -> User:
        return make_user(f"{username}{mark}", full_name, title)

    province = places.make_province(province_name)
    committee = places.make_agency(province, "Ủy ban nhân dân tỉnh", kind="uy_ban")
    education = places.make_agency(province, "Sở Giáo dục và Đào tạo")
    finance = places.make_agency(province, "Sở Tài chính")
    district = places.make_district(province, "Huyện Bình Trung")
    commune = places.make_commune(district, "Xã An Phú")
    next_door = places.make_commune(district, "Xã Chí Hòa")
    return Cast(
        province=province,
        committee=committee,
        education=education,
        finance=finance,
        district=district,
        commune=commune,
        next_door=next_door,
        minh=give(person("minh", "Nguyễn Hoàng Minh", "Phó Chủ tịch"), "province_leader", province),
        binh=give(person("binh", "Trần Thị Bình", "Phó Giám đốc Sở"), "lead_department", province),
        hanh=give(person("hanh", "Võ Thị Hạnh", "Chuyên viên Sở"), "agency_officer", finance),
        dung=give(person("dung", "Lê Văn Dũng", "Chuyên viên huyện"), "district_officer", district),
        an=give(person("an", "Phạm Thị An", "Công chức xã"), "commune_clerk", commune),
        hue=give(person("hue", "Trương Thị Huệ", "Giám đốc trung tâm"), "centre_director", commune),
        lan=give(person("lan", "Ngô Ngọc Lan", "Cộng tác viên"), "class_helper", commune),
        chi=give(person("chi", "Danh Thị Chi", "Công chức xã"), "commune_clerk", next_door),
        xuan=give(person("xuan", "Lý Thu Xuân", "Chuyên viên"), "reader", province),
        tri=give(person("tri", "Đỗ Quốc Trí", "Quản trị"), "administrator", province),
        nobody=person("khong", "Người Chưa Có Vai Trò"),
    )
