"""Who leads: headings, sentences, brackets, labels, columns; and what is no task."""

from collections.abc import Callable

import pytest

from hieuhoc.engines.reader import Reading, Source, Task, read
from hieuhoc.engines.reader.source import Cell, Paragraph, Table
from hieuhoc.engines.reader.tasks import DOUBTS

Read = Callable[[str], Reading]


def _first(reading: Reading, opening: str) -> Task:
    return next(task for task in reading.tasks if task.text.startswith(opening))


def test_a_heading_leads_what_stands_under_it(read_text: Read) -> None:
    reading = read_text(
        "III. TỔ CHỨC THỰC HIỆN\n1. Đề nghị Ban Tuyên giáo Tỉnh ủy\nChỉ đạo các cơ quan báo chí tuyên truyền."
    )
    task = reading.tasks[0]
    assert (task.lead, task.lead_from, task.requested) == (("Ban Tuyên giáo Tỉnh ủy",), "heading", True)
    assert task.section == "III.1"


def test_a_heading_may_name_three_bodies_and_end_in_its_text(read_text: Read) -> None:
    reading = read_text(
        "I. PHÂN CÔNG\n12. Đài Truyền hình Việt Nam, Đài Tiếng nói Việt Nam, Thông tấn xã Việt Nam: Chủ "
        "trì xây dựng chuyên mục."
    )
    assert reading.tasks[0].lead == ("Đài Truyền hình Việt Nam", "Đài Tiếng nói Việt Nam", "Thông tấn xã Việt Nam")
    assert reading.tasks[0].text == "Chủ trì xây dựng chuyên mục."


def test_letters_under_an_umbrella_lead_themselves(read_text: Read) -> None:
    reading = read_text(
        "III. TỔ CHỨC THỰC HIỆN\n13. Đề nghị các tổ chức chính trị - xã hội\nđ) Tỉnh đoàn\nVận động đoàn "
        "viên học tập.\n"
        "e) Hội Khuyến học tỉnh\nPhát triển hội viên ở cơ sở."
    )
    assert [(task.section, task.lead, task.requested) for task in reading.tasks] == [
        ("III.13.đ", ("Tỉnh đoàn",), True), ("III.13.e", ("Hội Khuyến học tỉnh",), True),
    ]  # fmt: skip


def test_a_subject_carries_over_to_the_next_clauses(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n1. Tuyên truyền\nChính quyền các cấp bố trí đủ kinh phí; củng cố các trung tâm. "
        "rà soát chính sách."
    )
    assert [(task.lead, task.lead_from) for task in reading.tasks] == [
        (("Chính quyền các cấp",), "subject"),
        (("Chính quyền các cấp",), "carried"),
        (("Chính quyền các cấp",), "carried"),
    ]


def test_no_subject_no_lead(read_text: Read) -> None:
    task = read_text("II. NHIỆM VỤ\n1. Tuyên truyền\nĐẩy mạnh công tác tuyên truyền.").tasks[0]
    assert (task.lead, task.lead_from) == ((), "none")
    assert "no_lead" in task.doubts


@pytest.mark.parametrize(
    ("sentence", "coordinate"),
    [
        ("Chủ trì, phối hợp với các sở, ban, ngành triển khai Kế hoạch.", ("các sở, ban, ngành",)),
        ("Chủ trì, phối hợp các cơ quan, đơn vị liên quan biên soạn tài liệu.", ("các cơ quan, đơn vị liên quan",)),
        ("Chỉ đạo các trường cao đẳng phối hợp với các cơ sở dạy nghề mở lớp.", ("các cơ sở dạy nghề",)),
        ("Phối hợp chặt chẽ với Công an tỉnh kiểm tra.", ("Công an tỉnh",)),
        ("Xây dựng chương trình phù hợp với các địa phương.", ()),
        ("Phối hợp tổ chức các lớp bồi dưỡng.", ()),
        ("Thực hiện Quy chế phối hợp giữa hai ngành.", ()),
    ],
)
def test_those_after_phoi_hop_coordinate(read_text: Read, sentence: str, coordinate: tuple[str, ...]) -> None:
    assert read_text(f"III. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\n{sentence}").tasks[0].coordinate == coordinate


def test_a_charge_in_a_sentence_leads(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n1. Số hóa\nGiao Công an tỉnh phối hợp với Bảo hiểm xã hội tỉnh đối chiếu dữ liệu.\n"
        "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát việc thực hiện."
    )
    assert (reading.tasks[0].lead, reading.tasks[0].coordinate) == (("Công an tỉnh",), ("Bảo hiểm xã hội tỉnh",))
    assert reading.tasks[1].requested


def test_a_bracket_leads_all_that_its_paragraph_orders(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n1. Sức khỏe\n- Lập hồ sơ sức khỏe; tổ chức khám lưu động. (Giao Sở Y tế chủ trì, "
        "phối hợp với Sở Tài chính)"
    )
    assert [(task.lead, task.coordinate) for task in reading.tasks] == [(("Sở Y tế",), ("Sở Tài chính",))] * 2


def test_lines_of_labels_say_who_with_whom_when_and_what(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n1. Tuyên truyền\na) Tổ chức Tuần lễ học tập suốt đời.\n- Đơn vị chủ trì: Sở Giáo "
        "dục và Đào tạo.\n"
        "- Đơn vị phối hợp: Hội Khuyến học tỉnh; UBND các xã, phường.\n- Thời gian thực hiện: Quý IV/2026.\n"
        "- Sản phẩm: Kế hoạch của Sở.\nb) Biên soạn tài liệu.\n- Đơn vị chủ trì: Sở Khoa học và Công nghệ."
    )
    first, second = reading.tasks
    assert (first.lead, first.lead_from) == (("Sở Giáo dục và Đào tạo",), "label")
    assert first.coordinate == ("Hội Khuyến học tỉnh", "UBND các xã, phường")
    assert (first.deadline_text, first.product) == ("Quý IV/2026", "Kế hoạch của Sở")
    assert second.lead == ("Sở Khoa học và Công nghệ",)


def test_a_heading_that_is_a_label_holds_for_the_whole_part(read_text: Read) -> None:
    reading = read_text(
        "B. NỘI DUNG\nI. TUYÊN TRUYỀN\n1. Nội dung\na) Mở chuyên trang;\nb) Biên soạn sách.\n2. Cơ quan "
        "chủ trì, phối hợp\n"
        "a) Cơ quan chủ trì\n- Bộ Quốc phòng.\n- Bộ Ngoại giao; Bộ Công an.\nb) Cơ quan phối hợp\n- Các "
        "đơn vị, địa phương.\n"
        "3. Thời gian thực hiện: Tháng 12/2013 và thường xuyên."
    )
    assert len(reading.tasks) == 2
    for task in reading.tasks:
        assert task.lead == ("Bộ Quốc phòng", "Bộ Ngoại giao", "Bộ Công an")
        assert task.coordinate == ("Các đơn vị, địa phương",)
        assert task.recurrence == "thường xuyên"


def test_purpose_and_targets_hold_no_tasks(read_text: Read) -> None:
    reading = read_text(
        "I. MỤC ĐÍCH, YÊU CẦU\nTổ chức triển khai toàn diện.\nII. MỤC TIÊU\n- Phấn đấu đến năm 2030 đạt "
        "95% người dân biết chữ.\n"
        "III. NHIỆM VỤ\nMở lớp xóa mù chữ."
    )
    assert [task.text for task in reading.tasks] == ["Mở lớp xóa mù chữ."]
    assert [(target.value, target.unit, target.by) for target in reading.targets] == [("95", "%", "2030")]


def test_the_closing_paragraph_leads_itself(read_text: Read) -> None:
    reading = read_text(
        "III. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\nMở lớp tập huấn.\nTrên đây là Kế hoạch của tỉnh. "
        "Các sở, ban, ngành phối hợp với Sở Y tế triển khai thực hiện./."
    )
    assert reading.tasks[-1].section == "III.closing"
    assert reading.tasks[-1].lead == ("Các sở, ban, ngành",)
    assert not any("Trên đây" in task.text for task in reading.tasks)


def test_who_is_answerable_for_a_decision_has_no_task(read_text: Read) -> None:
    reading = read_text(
        "QUYẾT ĐỊNH:\nĐiều 1. Ban hành kèm theo Quyết định này Kế hoạch học tập.\nĐiều 2. Giao Giám đốc Sở Y tế\n"
        "1. Tổ chức thực hiện Kế hoạch.\nĐiều 3. Chánh Văn phòng UBND tỉnh chịu trách nhiệm thi hành Quyết định này./."
    )
    assert [(task.section, task.lead) for task in reading.tasks] == [("Điều 2.1", ("Giám đốc Sở Y tế",))]


def test_decimals_stand_under_their_part(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n2. Giải pháp\n2.1. Tuyên truyền\n2.1.a. Mở chuyên mục trên báo.\n2.2. Kinh "
        "phí\nBố trí ngân sách."
    )
    assert [section.path for section in reading.sections] == ["II", "II.2", "II.2.1", "II.2.1.a", "II.2.2"]


def test_a_table_of_tasks_gives_its_columns(read_text: Read) -> None:
    def cells(row: int, *texts: str) -> tuple[Cell, ...]:
        return tuple(Cell(text, row, row, row, column) for column, text in enumerate(texts))

    merged = Cell("Sở Y tế", 4, 5, 3, 2)
    table = Table(
        (
            cells(0, "STT", "Nội dung", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Sản phẩm"),
            cells(1, "I", "Tuyên truyền", "", "", "", ""),
            cells(2, "1", "Mở chuyên mục", "Sở Giáo dục và Đào tạo", "Báo An Giang", "Thường xuyên", "Chuyên mục"),
            (*cells(3, "2", "Khám sức khỏe"), merged, *cells(3, "", "", "", "UBND các xã", "Quý II/2026", "")[3:]),
            (*cells(4, "3", "Lập hồ sơ"), merged, *cells(4, "", "", "", "", "2026", "")[3:]),
        ),
        1,
        5,
    )
    heading = Paragraph("IV. PHÂN CÔNG NHIỆM VỤ", 1, 1)
    reading = read(Source(("",) * 5, (heading, table), "docx"))
    assert [(task.text, task.lead, task.section) for task in reading.tasks] == [
        ("Mở chuyên mục", ("Sở Giáo dục và Đào tạo",), "IV.I.1"),
        ("Khám sức khỏe", ("Sở Y tế",), "IV.I.2"),
        ("Lập hồ sơ", ("Sở Y tế",), "IV.I.3"),
    ]
    assert reading.tasks[0].coordinate == ("Báo An Giang",)
    assert reading.tasks[0].recurrence == "thường xuyên"
    assert reading.tasks[1].deadline_text == "Quý II/2026"


def test_every_doubt_is_explained(read_text: Read) -> None:
    reading = read_text("II. NHIỆM VỤ\nĐẩy mạnh tuyên truyền; mở lớp.\nCông tác khác.\nSở Y tế phối hợp với ai đó làm.")
    assert {doubt for task in reading.tasks for doubt in task.doubts} <= set(DOUBTS)
    assert all(0 < task.confidence <= 1 for task in reading.tasks)


def test_labels_may_stand_in_the_sentence(read_text: Read) -> None:
    reading = read_text(
        "II. NHIỆM VỤ\n1- Tuyên truyền\nTổ chức tập huấn cán bộ Hội. Chủ trì: Hội Khuyến học tỉnh; "
        "phối hợp: Sở Tài chính; thời gian: quý III/2020."
    )
    task = reading.tasks[0]
    assert (task.text, task.lead, task.coordinate) == (
        "Tổ chức tập huấn cán bộ Hội.", ("Hội Khuyến học tỉnh",), ("Sở Tài chính",),
    )  # fmt: skip
    assert task.deadline_text == "quý III/2020"


def test_a_body_alone_on_its_line_leads_the_lines_under_it(read_text: Read) -> None:
    reading = read_text(
        "II. TỔ CHỨC THỰC HIỆN\nSở Văn hóa và Thể thao\nTổ chức các lớp dạy bơi.\nKiểm tra các hồ bơi.\n"
        "- Thành Đoàn: Vận động thanh niên tham gia."
    )
    assert [task.lead for task in reading.tasks] == [("Sở Văn hóa và Thể thao",)] * 2 + [("Thành Đoàn",)]


def test_a_heading_among_bodies_is_a_body_though_unknown(read_text: Read) -> None:
    reading = read_text(
        "III. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\nMở lớp.\n2. Chủ rừng trên địa bàn\nTuần tra bảo vệ rừng.\n"
        "3. Kinh phí thực hiện\nHằng năm bố trí ngân sách."
    )
    assert [task.lead for task in reading.tasks] == [("Sở Y tế",), ("Chủ rừng trên địa bàn",), ()]


def test_who_is_responsible_with_a_colon_leads_the_letters(read_text: Read) -> None:
    reading = read_text(
        "III. TỔ CHỨC\n1. Các huyện ủy, thành ủy trực thuộc Tỉnh ủy có trách nhiệm:\na) Xây dựng kế "
        "hoạch.\nb) Báo cáo kết quả."
    )
    assert [task.lead for task in reading.tasks] == [("Các huyện ủy, thành ủy trực thuộc Tỉnh ủy",)] * 2


def test_a_part_takes_its_title_from_the_next_line(read_text: Read) -> None:
    reading = read_text(
        "Phần I\nĐÁNH GIÁ KẾT QUẢ\nI. KẾT QUẢ ĐẠT ĐƯỢC\nĐã mở 20 lớp.\nPhần II\nNHIỆM VỤ NĂM 2024\nI. VỀ "
        "THỂ CHẾ\nSửa đổi quy chế."
    )
    assert [section.heading for section in reading.sections] == [
        "ĐÁNH GIÁ KẾT QUẢ",
        "KẾT QUẢ ĐẠT ĐƯỢC",
        "NHIỆM VỤ NĂM 2024",
        "VỀ THỂ CHẾ",
    ]
    assert [task.text for task in reading.tasks] == ["Sửa đổi quy chế."]


def test_the_heading_of_a_table_may_have_two_rows() -> None:
    first = tuple(
        Cell(text, 1, 1, 0, column)
        for column, text in enumerate(["TT", "Nội dung", "Phân công", "Phân công", "Thời gian"])
    )
    merged = (first[0], first[1], Cell("Phân công", 1, 1, 0, 2), Cell("Phân công", 1, 1, 0, 2), first[4])
    second = (first[0], first[1], Cell("Chủ trì", 2, 2, 1, 2), Cell("Phối hợp", 2, 2, 1, 3), first[4])
    row = tuple(
        Cell(text, 3, 3, 2, column) for column, text in enumerate(["1", "Mở lớp", "Sở Y tế", "Sở Nội vụ", "Quý I/2027"])
    )
    reading = read(Source(("",) * 3, (Paragraph("I. NHIỆM VỤ", 1, 1), Table((merged, second, row), 1, 3)), "docx"))
    task = reading.tasks[0]
    assert (task.lead, task.coordinate, task.deadline_text) == (("Sở Y tế",), ("Sở Nội vụ",), "Quý I/2027")
