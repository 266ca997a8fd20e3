# ruff: noqa: E501 - the sentences of documents are clearer whole
"""Three invented documents in the forms of real ones, with what a reader should find in them.

Run as a program it writes the files and their annotations under tests/fixtures/documents anew:

    python -m tests.factories.synthetic
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

from tests.factories.documents import FOLDER, Item, Piece, Plan, TaskTable, web_page, word

_NOTE = """# Gold annotation of {file}: an invented document (tests/factories/synthetic.py writes both; edit there).
# The rules of annotation are those of docs/developing/reader.md.

"""


PGD = "Phòng Giáo dục và Đào tạo"
TCKH = "Phòng Tài chính - Kế hoạch"
COMMUNES = "UBND các xã, thị trấn"

DISTRICT_PLAN = Plan(
    name="syn-ke-hoach-huyen",
    kind="Kế hoạch",
    number="87/KH-UBND",
    place="Thạnh Lợi",
    date="2024-03-12",
    date_text="ngày 12 tháng 3 năm 2024",
    issuer="Ủy ban nhân dân huyện Thạnh Lợi",
    letterhead=("ỦY BAN NHÂN DÂN", "HUYỆN THẠNH LỢI"),
    title="Xây dựng xã hội học tập trên địa bàn huyện Thạnh Lợi năm 2024",
    opening=(
        "Căn cứ Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của Thủ tướng Chính phủ phê duyệt Đề án “Xây dựng xã hội học "
        "tập giai đoạn 2021-2030”;",
        "Thực hiện Kế hoạch số 41/KH-UBND ngày 22/02/2024 của UBND tỉnh Hải Giang về xây dựng xã hội học tập năm 2024, "
        "UBND huyện Thạnh Lợi ban hành Kế hoạch như sau:",
    ),
    bases=(
        {
            "intro": "Căn cứ",
            "type": "Quyết định",
            "number": "1373/QĐ-TTg",
            "date": "2021-07-30",
            "issuer": "Thủ tướng Chính phủ",
            "title": "phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”",
        },
        {
            "intro": "Thực hiện",
            "type": "Kế hoạch",
            "number": "41/KH-UBND",
            "date": "2024-02-22",
            "issuer": "UBND tỉnh Hải Giang",
            "title": "về xây dựng xã hội học tập năm 2024",
        },
    ),
    content=(
        Item("MỤC ĐÍCH, YÊU CẦU", 0, "I"),
        Item("Mục đích", 1, "I.1"),
        Item("Nâng cao nhận thức của các tầng lớp Nhân dân về học tập suốt đời.", 3, "I.1"),
        Item("Yêu cầu", 1, "I.2"),
        Item("Các xã, thị trấn triển khai đồng bộ, tiết kiệm, hiệu quả.", 3, "I.2"),
        Item("NHIỆM VỤ VÀ GIẢI PHÁP", 0, "II"),
        Item("Công tác tuyên truyền", 1, "II.1"),
        Item(
            "Đẩy mạnh tuyên truyền về học tập suốt đời trên hệ thống truyền thanh cơ sở; thường xuyên cập nhật tin, bài "
            "trên Trang thông tin điện tử huyện.",
            3,
            "II.1",
            (
                Piece("Đẩy mạnh tuyên truyền về học tập suốt đời trên hệ thống truyền thanh cơ sở;"),
                Piece(
                    "thường xuyên cập nhật tin, bài trên Trang thông tin điện tử huyện.",
                    recurrence="thường xuyên",
                    more={"recurrence_text": "thường xuyên"},
                ),
            ),
        ),
        Item(
            "Hội Khuyến học huyện chủ trì tổ chức Tuần lễ hưởng ứng học tập suốt đời. Vận động mỗi gia đình có một tủ "
            "sách.",
            3,
            "II.1",
            (
                Piece(
                    "Hội Khuyến học huyện chủ trì tổ chức Tuần lễ hưởng ứng học tập suốt đời.",
                    ("Hội Khuyến học huyện",),
                    "subject",
                ),
                Piece("Vận động mỗi gia đình có một tủ sách.", ("Hội Khuyến học huyện",), "carried"),
            ),
        ),
        Item("Trung tâm học tập cộng đồng", 1, "II.2"),
        Item("Củng cố tổ chức", 2, "II.2.a"),
        Item(
            "Kiện toàn ban giám đốc của 12 trung tâm học tập cộng đồng trước ngày 30/6/2024.",
            3,
            "II.2.a",
            (
                Piece(
                    "Kiện toàn ban giám đốc của 12 trung tâm học tập cộng đồng trước ngày 30/6/2024.",
                    deadline="2024-06-30",
                    more={"deadline_text": "trước ngày 30/6/2024"},
                ),
            ),
        ),
        Item("Nội dung hoạt động", 2, "II.2.b"),
        Item(
            "Mở các lớp chuyển giao kỹ thuật nuôi trồng; những lớp xóa mù chữ cho người từ 15 đến 60 tuổi.",
            3,
            "II.2.b",
            (Piece("Mở các lớp chuyển giao kỹ thuật nuôi trồng; những lớp xóa mù chữ cho người từ 15 đến 60 tuổi."),),
        ),
        Item("TỔ CHỨC THỰC HIỆN", 0, "III"),
        Item(PGD, 1, "III.1"),
        Item(
            f"Chủ trì, phối hợp với Hội Khuyến học huyện, Phòng Nội vụ và {COMMUNES} triển khai Kế hoạch này; định kỳ "
            "6 tháng báo cáo UBND huyện.",
            3,
            "III.1",
            (
                Piece(
                    f"Chủ trì, phối hợp với Hội Khuyến học huyện, Phòng Nội vụ và {COMMUNES} triển khai Kế hoạch này;",
                    (PGD,),
                    "heading",
                    ("Hội Khuyến học huyện", "Phòng Nội vụ", COMMUNES),
                ),
                Piece(
                    "định kỳ 6 tháng báo cáo UBND huyện.",
                    (PGD,),
                    "heading",
                    recurrence="6 tháng",
                    more={
                        "recurrence_text": "định kỳ 6 tháng",
                        "recurrence_alternatives": ["định kỳ"],
                        "reports_to": ["UBND huyện"],
                        "coordinate_optional": ["Hội Khuyến học huyện", "Phòng Nội vụ", COMMUNES],
                    },
                ),
            ),
        ),
        Item(TCKH, 1, "III.2"),
        Item(
            "Hằng năm, tham mưu UBND huyện bố trí kinh phí thực hiện theo phân cấp ngân sách.",
            3,
            "III.2",
            (
                Piece(
                    "Hằng năm, tham mưu UBND huyện bố trí kinh phí thực hiện theo phân cấp ngân sách.",
                    (TCKH,),
                    "heading",
                    recurrence="hằng năm",
                    more={"recurrence_text": "Hằng năm", "advises": ["UBND huyện"]},
                ),
            ),
        ),
        Item("Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam huyện và các đoàn thể", 1, "III.3"),
        Item(
            "Phối hợp với ngành Giáo dục và Đào tạo vận động hội viên, đoàn viên tham gia học tập.",
            3,
            "III.3",
            (
                Piece(
                    "Phối hợp với ngành Giáo dục và Đào tạo vận động hội viên, đoàn viên tham gia học tập.",
                    ("Ủy ban Mặt trận Tổ quốc Việt Nam huyện", "các đoàn thể"),
                    "heading",
                    ("ngành Giáo dục và Đào tạo",),
                    more={"requested": True},
                ),
            ),
        ),
        Item("PHÂN CÔNG NHIỆM VỤ", 0, "IV"),
        TaskTable(
            "IV",
            ("TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"),
            (
                ("Nhóm nhiệm vụ về tuyên truyền",),
                ("1", "Biên soạn tài liệu hỏi đáp về công dân học tập", PGD, "Hội Khuyến học huyện", "Tháng 5/2024"),
                (
                    "2",
                    "Tổ chức hội thi tìm hiểu văn hóa đọc",
                    None,
                    "Huyện đoàn; Phòng Văn hóa và Thông tin",
                    "Quý III/2024",
                ),
                ("Nhóm nhiệm vụ về mô hình học tập",),
                ("3", "Đánh giá, công nhận đơn vị học tập cấp huyện", "Phòng Nội vụ", PGD, "Hằng năm"),
                ("4", "Rà soát, công nhận gia đình học tập, dòng họ học tập", COMMUNES, "Hội Khuyến học cấp xã", None),
            ),
            (
                Piece(
                    "Biên soạn tài liệu hỏi đáp về công dân học tập",
                    (PGD,),
                    "column",
                    ("Hội Khuyến học huyện",),
                    deadline="Tháng 5/2024",
                    more={"deadline_alternatives": ["2024-05-31"]},
                ),
                Piece(
                    "Tổ chức hội thi tìm hiểu văn hóa đọc",
                    (PGD,),
                    "column",
                    ("Huyện đoàn", "Phòng Văn hóa và Thông tin"),
                    deadline="Quý III/2024",
                    more={"deadline_alternatives": ["2024-09-30"]},
                ),
                Piece(
                    "Đánh giá, công nhận đơn vị học tập cấp huyện",
                    ("Phòng Nội vụ",),
                    "column",
                    (PGD,),
                    recurrence="hằng năm",
                ),
                Piece(
                    "Rà soát, công nhận gia đình học tập, dòng họ học tập",
                    (COMMUNES,),
                    "column",
                    ("Hội Khuyến học cấp xã",),
                    recurrence="hằng năm",
                ),
            ),
        ),
        Item("Trên đây là Kế hoạch xây dựng xã hội học tập trên địa bàn huyện Thạnh Lợi năm 2024./."),
    ),
    recipients=(
        "Sở Giáo dục và Đào tạo",
        "TT. Huyện ủy, HĐND huyện",
        "CT, các PCT UBND huyện",
        COMMUNES,
        "Lưu: VT, GDĐT",
    ),
    position=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    signer="Trần Thị Bích Hạnh",
)

HEALTH = "Sở Y tế"
DECISION = Plan(
    name="syn-quyet-dinh-ke-hoach",
    kind="Quyết định",
    number="1506/QĐ-UBND",
    place="Hải Giang",
    date="2023-08-21",
    date_text="ngày 21 tháng 8 năm 2023",
    issuer="Ủy ban nhân dân tỉnh Hải Giang",
    letterhead=("ỦY BAN NHÂN DÂN", "TỈNH HẢI GIANG"),
    title="Ban hành Kế hoạch nâng cao sức khỏe người cao tuổi tỉnh Hải Giang giai đoạn 2023-2025",
    enclosed="Nâng cao sức khỏe người cao tuổi tỉnh Hải Giang giai đoạn 2023-2025",
    level="tỉnh",
    opening=(
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HẢI GIANG",
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;",
        "Căn cứ Luật Người cao tuổi ngày 23/11/2009;",
        "Căn cứ Quyết định số 1579/QĐ-TTg ngày 13 tháng 10 năm 2020 của Thủ tướng Chính phủ phê duyệt Chương trình chăm "
        "sóc sức khỏe người cao tuổi đến năm 2030;",
        "Theo đề nghị của Giám đốc Sở Y tế tại Tờ trình số 312/TTr-SYT ngày 14/8/2023.",
        "QUYẾT ĐỊNH:",
    ),
    bases=(
        {
            "type": "Luật",
            "number": None,
            "date": "2015-06-19",
            "title": "Luật Tổ chức chính quyền địa phương ngày 19/6/2015",
        },
        {"type": "Luật", "number": None, "date": "2009-11-23", "title": "Luật Người cao tuổi ngày 23/11/2009"},
        {
            "type": "Quyết định",
            "number": "1579/QĐ-TTg",
            "date": "2020-10-13",
            "issuer": "Thủ tướng Chính phủ",
            "title": "phê duyệt Chương trình chăm sóc sức khỏe người cao tuổi đến năm 2030",
        },
        {
            "type": "Tờ trình",
            "number": "312/TTr-SYT",
            "date": "2023-08-14",
            "issuer": "Giám đốc Sở Y tế",
            "title": "",
            "optional": True,
        },
    ),
    content=(
        Item(
            "Ban hành kèm theo Quyết định này Kế hoạch nâng cao sức khỏe người cao tuổi tỉnh Hải Giang giai đoạn "
            "2023-2025.",
            0,
            "Điều 1",
            optional=True,
        ),
        Item("Quyết định này có hiệu lực kể từ ngày ký.", 0, "Điều 2", optional=True),
        Item(
            "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Y tế, Thủ trưởng các sở, ban, ngành tỉnh, Chủ tịch Ủy ban "
            "nhân dân các huyện, thành phố chịu trách nhiệm thi hành Quyết định này./.",
            0,
            "Điều 3",
            (
                Piece(
                    "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Y tế, Thủ trưởng các sở, ban, ngành tỉnh, Chủ tịch "
                    "Ủy ban nhân dân các huyện, thành phố chịu trách nhiệm thi hành Quyết định này./.",
                    (
                        "Chánh Văn phòng Ủy ban nhân dân tỉnh",
                        "Giám đốc Sở Y tế",
                        "Thủ trưởng các sở, ban, ngành tỉnh",
                        "Chủ tịch Ủy ban nhân dân các huyện, thành phố",
                    ),
                    "subject",
                    more={"optional": True},
                ),
            ),
            optional=True,
        ),
        Item("MỤC TIÊU", 0, "I"),
        Item("Ít nhất 80% người cao tuổi được khám sức khỏe định kỳ vào năm 2025.", 3, "I"),
        Item("NHIỆM VỤ", 0, "II"),
        Item("Quản lý sức khỏe người cao tuổi tại cộng đồng", 1, "II.1"),
        Item(
            "Lập hồ sơ theo dõi sức khỏe cho toàn bộ người cao tuổi, hoàn thành trong quý I/2024; tổ chức khám sức khỏe "
            "lưu động tại các xã đảo. (Giao Sở Y tế chủ trì)",
            3,
            "II.1",
            (
                Piece(
                    "Lập hồ sơ theo dõi sức khỏe cho toàn bộ người cao tuổi, hoàn thành trong quý I/2024;",
                    (HEALTH,),
                    "bracket",
                    deadline="quý I/2024",
                    more={"deadline_alternatives": ["2024-03-31", "trong quý I/2024"]},
                ),
                Piece("tổ chức khám sức khỏe lưu động tại các xã đảo. (Giao Sở Y tế chủ trì)", (HEALTH,), "bracket"),
            ),
        ),
        Item("Câu lạc bộ liên thế hệ tự giúp nhau", 1, "II.2"),
        Item(
            "Nhân rộng mô hình câu lạc bộ liên thế hệ tại 100% xã, phường, thị trấn.",
            3,
            "II.2",
            (
                Piece(
                    "Nhân rộng mô hình câu lạc bộ liên thế hệ tại 100% xã, phường, thị trấn.",
                    ("Ban Đại diện Hội Người cao tuổi tỉnh",),
                    "label",
                    ("Sở Lao động - Thương binh và Xã hội", "UBND các huyện, thành phố"),
                    deadline="Tháng 12/2024",
                    more={"deadline_alternatives": ["2024-12-31"]},
                ),
            ),
        ),
        Item("Đơn vị chủ trì: Ban Đại diện Hội Người cao tuổi tỉnh."),
        Item("Đơn vị phối hợp: Sở Lao động - Thương binh và Xã hội; UBND các huyện, thành phố."),
        Item("Thời gian hoàn thành: Tháng 12/2024."),
        Item("TỔ CHỨC THỰC HIỆN", 0, "III"),
        Item(HEALTH, 1, "III.1"),
        Item(
            "Là cơ quan đầu mối, hướng dẫn, kiểm tra, đôn đốc việc thực hiện Kế hoạch.",
            2,
            "III.1.a",
            (Piece("Là cơ quan đầu mối, hướng dẫn, kiểm tra, đôn đốc việc thực hiện Kế hoạch.", (HEALTH,), "heading"),),
            optional=True,
        ),
        Item(
            "Phối hợp với Bảo hiểm xã hội tỉnh cấp thẻ bảo hiểm y tế cho người cao tuổi.",
            2,
            "III.1.b",
            (
                Piece(
                    "Phối hợp với Bảo hiểm xã hội tỉnh cấp thẻ bảo hiểm y tế cho người cao tuổi.",
                    (HEALTH,),
                    "heading",
                    ("Bảo hiểm xã hội tỉnh",),
                ),
            ),
            optional=True,
        ),
        Item("Sở Tài chính, Sở Kế hoạch và Đầu tư", 1, "III.2"),
        Item(
            "Tham mưu Ủy ban nhân dân tỉnh cân đối nguồn vốn thực hiện Kế hoạch theo quy định.",
            3,
            "III.2",
            (
                Piece(
                    "Tham mưu Ủy ban nhân dân tỉnh cân đối nguồn vốn thực hiện Kế hoạch theo quy định.",
                    ("Sở Tài chính", "Sở Kế hoạch và Đầu tư"),
                    "heading",
                    more={"advises": ["Ủy ban nhân dân tỉnh"]},
                ),
            ),
        ),
    ),
    recipients=("Như Điều 3", "Bộ Y tế (b/c)", "TT. Tỉnh ủy, HĐND tỉnh", "CT, các PCT UBND tỉnh", "Lưu: VT, KGVX"),
    position=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    signer="Nguyễn Văn Lợi",
)

DIRECTIVE = Plan(
    name="syn-chi-thi",
    kind="Chỉ thị",
    number="09/CT-UBND",
    place="Hải Giang",
    date="2022-05-05",
    date_text="ngày 05 tháng 5 năm 2022",
    issuer="Ủy ban nhân dân tỉnh Hải Giang",
    letterhead=("ỦY BAN NHÂN DÂN", "TỈNH HẢI GIANG"),
    title="Về việc tăng cường phòng, chống đuối nước trẻ em trên địa bàn tỉnh",
    level="tỉnh",
    opening=(
        "Thời gian qua, tình hình tai nạn đuối nước trẻ em trên địa bàn tỉnh vẫn diễn biến phức tạp. Để kịp thời khắc "
        "phục, Chủ tịch Ủy ban nhân dân tỉnh yêu cầu:",
    ),
    bases=(),
    content=(
        Item("Sở Lao động - Thương binh và Xã hội:", 1, "1"),
        Item(
            "Chủ trì, phối hợp với các sở, ban, ngành, đoàn thể và UBND các huyện, thành phố rà soát các điểm nguy hiểm, "
            "cắm biển cảnh báo trước ngày 31/5/2022.",
            2,
            "1.a",
            (
                Piece(
                    "Chủ trì, phối hợp với các sở, ban, ngành, đoàn thể và UBND các huyện, thành phố rà soát các điểm nguy "
                    "hiểm, cắm biển cảnh báo trước ngày 31/5/2022.",
                    ("Sở Lao động - Thương binh và Xã hội",),
                    "heading",
                    ("các sở, ban, ngành, đoàn thể", "UBND các huyện, thành phố"),
                    deadline="2022-05-31",
                ),
            ),
            optional=True,
        ),
        Item(
            "Định kỳ hằng quý tổng hợp, báo cáo Ủy ban nhân dân tỉnh trước ngày 20 tháng cuối quý.",
            2,
            "1.b",
            (
                Piece(
                    "Định kỳ hằng quý tổng hợp, báo cáo Ủy ban nhân dân tỉnh trước ngày 20 tháng cuối quý.",
                    ("Sở Lao động - Thương binh và Xã hội",),
                    "heading",
                    recurrence="hằng quý",
                    more={
                        "recurrence_text": "Định kỳ hằng quý",
                        "recurrence_alternatives": ["định kỳ"],
                        "reports_to": ["Ủy ban nhân dân tỉnh"],
                        "deadline_optional": ["trước ngày 20 tháng cuối quý", "ngày 20 tháng cuối quý"],
                    },
                ),
            ),
            optional=True,
        ),
        Item(
            "Sở Giáo dục và Đào tạo chỉ đạo các cơ sở giáo dục phối hợp với gia đình quản lý học sinh trong dịp nghỉ hè; "
            "đưa nội dung dạy bơi vào kế hoạch hằng năm của nhà trường.",
            1,
            "2",
            (
                Piece(
                    "Sở Giáo dục và Đào tạo chỉ đạo các cơ sở giáo dục phối hợp với gia đình quản lý học sinh trong dịp "
                    "nghỉ hè;",
                    ("Sở Giáo dục và Đào tạo",),
                    "subject",
                    more={"directs": ["các cơ sở giáo dục"], "coordinate_optional": ["gia đình"]},
                ),
                Piece(
                    "đưa nội dung dạy bơi vào kế hoạch hằng năm của nhà trường.",
                    ("Sở Giáo dục và Đào tạo",),
                    "carried",
                    more={"recurrence_object": "hằng năm"},
                ),
            ),
            optional=True,
        ),
        Item("Phân công thực hiện một số nhiệm vụ trọng tâm:", 1, "3"),
        TaskTable(
            "3",
            ("Số TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"),
            (
                (
                    "1",
                    "Xây dựng 05 hồ bơi di động tại các huyện",
                    "Sở Văn hóa và Thể thao",
                    "UBND các huyện, thành phố",
                    "30/11/2022",
                ),
                ("2", "Tập huấn kỹ năng cứu đuối cho giáo viên", None, "Hội Chữ thập đỏ tỉnh", "Quý III/2022"),
                ("3", "Tuần tra, nhắc nhở tại các bến đò", "Công an tỉnh", "Sở Giao thông vận tải", "Thường xuyên"),
            ),
            (
                Piece(
                    "Xây dựng 05 hồ bơi di động tại các huyện",
                    ("Sở Văn hóa và Thể thao",),
                    "column",
                    ("UBND các huyện, thành phố",),
                    deadline="2022-11-30",
                ),
                Piece(
                    "Tập huấn kỹ năng cứu đuối cho giáo viên",
                    ("Sở Văn hóa và Thể thao",),
                    "column",
                    ("Hội Chữ thập đỏ tỉnh",),
                    deadline="Quý III/2022",
                    more={"deadline_alternatives": ["2022-09-30"]},
                ),
                Piece(
                    "Tuần tra, nhắc nhở tại các bến đò",
                    ("Công an tỉnh",),
                    "column",
                    ("Sở Giao thông vận tải",),
                    recurrence="thường xuyên",
                ),
            ),
        ),
        Item(
            "Yêu cầu Giám đốc các sở, ban, ngành; Chủ tịch UBND các huyện, thành phố nghiêm túc thực hiện Chỉ thị này./.",
            None,
            "",
            (
                Piece(
                    "Yêu cầu Giám đốc các sở, ban, ngành; Chủ tịch UBND các huyện, thành phố nghiêm túc thực hiện Chỉ thị "
                    "này./.",
                    ("Giám đốc các sở, ban, ngành", "Chủ tịch UBND các huyện, thành phố"),
                    "subject",
                    more={"optional": True},
                ),
            ),
        ),
    ),
    recipients=("Thường trực Tỉnh ủy", "CT, các PCT UBND tỉnh", "Các sở, ban, ngành tỉnh", "Lưu: VT, VX"),
    position=("CHỦ TỊCH",),
    signer="Lê Hoàng Nam",
)


_WORK = (
    ("Xây dựng bộ tiêu chí đánh giá “Công dân học tập” phù hợp với điều kiện của tỉnh", "Quý II/2025", "2025-06-30"),
    (
        "Tập huấn cho đội ngũ quản lý trung tâm học tập cộng đồng về chuyển đổi số và học liệu mở",
        "Tháng 9/2025",
        "2025-09-30",
    ),
    ("Tổ chức Ngày Sách và Văn hóa đọc, gắn với phong trào tủ sách dòng họ", "Hằng năm", ""),
    (
        "Rà soát, lập danh sách người mù chữ trong độ tuổi 15-60 tại các xã đặc biệt khó khăn",
        "30/11/2025",
        "2025-11-30",
    ),
    ("Mở lớp xóa mù chữ cho phụ nữ dân tộc thiểu số, duy trì sĩ số đến hết chương trình", "Thường xuyên", ""),
    (
        "Biên soạn tài liệu bồi dưỡng kỹ năng sống cho thanh niên nông thôn và học viên giáo dục thường xuyên",
        "Quý IV/2025",
        "2025-12-31",
    ),
    ("Khảo sát nhu cầu học nghề của lao động trong các khu công nghiệp", "Năm 2026", "2026-12-31"),
    (
        "Số hóa hồ sơ công nhận gia đình học tập, dòng họ học tập, cộng đồng học tập, đơn vị học tập",
        "31/12/2026",
        "2026-12-31",
    ),
)
_LEADS = (
    ("Sở Giáo dục và Đào tạo", "Hội Khuyến học tỉnh; Sở Nội vụ"),
    ("Sở Văn hóa, Thể thao và Du lịch", "Tỉnh đoàn; Báo và Đài Phát thanh, Truyền hình tỉnh"),
    ("UBND các xã, phường", "Hội Nông dân tỉnh; Hội Liên hiệp Phụ nữ tỉnh"),
    ("Sở Khoa học và Công nghệ", "Sở Tài chính; Liên đoàn Lao động tỉnh"),
)


def _long_table() -> TaskTable:
    """Twenty-four tasks in six groups; each pair of neighbouring tasks has one lead, in a cell merged downwards."""
    rows: list[tuple[str | None, ...]] = []
    tasks: list[Piece] = []
    for group in range(6):
        rows.append((f"{['I', 'II', 'III', 'IV', 'V', 'VI'][group]}. Nhóm nhiệm vụ thứ {group + 1}",))
        for place in range(4):
            work, when, day = _WORK[(4 * group + place) % len(_WORK)]
            lead, partners = _LEADS[(2 * group + place // 2) % len(_LEADS)]
            text = f"{work} (đợt {group + 1})"
            rows.append((str(4 * group + place + 1), text, None if place % 2 else lead, partners, when))
            tasks.append(
                Piece(
                    text,
                    (lead,),
                    "column",
                    tuple(partners.split("; ")),
                    recurrence=None if day else when.lower(),
                    deadline=(day if "/" in when and when[0].isdigit() else when) if day else None,
                    more={"deadline_alternatives": [day]} if day else {},
                )
            )
    return TaskTable("II", ("TT", "Nội dung nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"), tuple(rows), tuple(tasks))


PROGRAMME = Plan(
    name="syn-chuong-trinh-bang-dai",
    kind="Chương trình",
    number="22/CTr-UBND",
    place="Hải Giang",
    date="2025-04-15",
    date_text="ngày 15 tháng 4 năm 2025",
    issuer="Ủy ban nhân dân tỉnh Hải Giang",
    letterhead=("ỦY BAN NHÂN DÂN", "TỈNH HẢI GIANG"),
    title="Thực hiện phong trào học tập suốt đời tỉnh Hải Giang giai đoạn 2025-2026",
    level="tỉnh",
    opening=(
        "Thực hiện Quyết định số 387/QĐ-TTg ngày 25/3/2022 của Thủ tướng Chính phủ phê duyệt Chương trình “Xây dựng mô "
        "hình công dân học tập giai đoạn 2021-2030”, Ủy ban nhân dân tỉnh ban hành Chương trình như sau:",
    ),
    bases=(
        {
            "intro": "Thực hiện",
            "type": "Quyết định",
            "number": "387/QĐ-TTg",
            "date": "2022-03-25",
            "issuer": "Thủ tướng Chính phủ",
            "title": "phê duyệt Chương trình “Xây dựng mô hình công dân học tập giai đoạn 2021-2030”",
        },
    ),
    content=(
        Item("MỤC TIÊU", 0, "I"),
        Item("Mọi người dân đều có cơ hội học tập thường xuyên, học suốt đời.", 3, "I"),
        Item("BẢNG PHÂN CÔNG NHIỆM VỤ", 0, "II"),
        _long_table(),
        Item("TỔ CHỨC THỰC HIỆN", 0, "III"),
        Item(
            "Sở Giáo dục và Đào tạo theo dõi, đôn đốc việc thực hiện; định kỳ 6 tháng, hằng năm báo cáo Ủy ban nhân dân "
            "tỉnh.",
            3,
            "III",
            (
                Piece(
                    "Sở Giáo dục và Đào tạo theo dõi, đôn đốc việc thực hiện;", ("Sở Giáo dục và Đào tạo",), "subject"
                ),
                Piece(
                    "định kỳ 6 tháng, hằng năm báo cáo Ủy ban nhân dân tỉnh.",
                    ("Sở Giáo dục và Đào tạo",),
                    "carried",
                    recurrence="6 tháng",
                    more={
                        "recurrence_text": "định kỳ 6 tháng, hằng năm",
                        "recurrence_alternatives": ["hằng năm", "định kỳ"],
                        "reports_to": ["Ủy ban nhân dân tỉnh"],
                    },
                ),
            ),
        ),
    ),
    recipients=("TT. Tỉnh ủy", "Các sở, ban, ngành tỉnh", "UBND các xã, phường", "Lưu: VT, KGVX"),
    position=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    signer="Phạm Quốc Bảo",
)


def write(folder: Path) -> list[Path]:
    """Writes the documents with their annotations and returns the files; the PDF only where LibreOffice is installed."""
    written: list[Path] = []
    for plan, ending, content in (
        (DISTRICT_PLAN, "docx", word(DISTRICT_PLAN)),
        (DECISION, "docx", word(DECISION)),
        (DIRECTIVE, "html", web_page(DIRECTIVE)),
    ):
        path = folder / f"{plan.name}.{ending}"
        path.write_bytes(content)
        written.append(path)
        _annotate(plan, path)
    for plan in (DISTRICT_PLAN, PROGRAMME):
        made = _as_pdf(plan)
        if made is not None:
            path = folder / f"{plan.name}-pdf.pdf"
            path.write_bytes(made)
            written.append(path)
            _annotate(plan, path)
    return written


def _as_pdf(plan: Plan) -> bytes | None:
    """The document as LibreOffice prints it, or None where that is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as home:
        source = Path(home) / "a.docx"
        source.write_bytes(word(plan))
        profile = f"-env:UserInstallation=file://{home}/profile"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", home, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return source.with_suffix(".pdf").read_bytes()


def _annotate(plan: Plan, path: Path) -> None:
    gold = plan.gold(path.name, path.read_bytes())
    text = yaml.safe_dump(gold, allow_unicode=True, sort_keys=False, width=4000)
    path.with_name(f"{path.stem}.gold.yaml").write_text(_NOTE.format(file=path.name) + text, encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER)
