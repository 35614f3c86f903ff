"""What the demo shop sells. Prices in kopecks; `weight` is how often somebody takes it."""

from dataclasses import dataclass

from portal.catalogue.goods import Goods


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    title: str
    category: str
    brand: str
    price: int
    weight: int = 10


def _goods(category: str, *rows: tuple[str, str, str, int, int]) -> tuple[Product, ...]:
    return tuple(
        Product(sku, title, category, brand, roubles * 100, weight) for sku, title, brand, roubles, weight in rows
    )


CATALOGUE = (
    *_goods(
        "care/cleansing",
        ("CL-01", "Пенка для умывания", "Lumi", 690, 30),
        ("CL-02", "Гидрофильное масло", "Hanbi", 1390, 22),
        ("CL-03", "Мицеллярная вода 400 мл", "Prosto", 490, 28),
        ("CL-04", "Энзимная пудра", "Hanbi", 1190, 10),
    ),
    *_goods(
        "care/face",
        ("FC-01", "Крем с церамидами", "Lumi", 1490, 20),
        ("FC-02", "Сыворотка с витамином С", "Verba", 1890, 14),
        ("FC-03", "Тонер с центеллой", "Hanbi", 990, 18),
        ("FC-04", "Крем для век", "Verba", 1290, 9),
        ("FC-05", "Флюид SPF 50", "Lumi", 1190, 16),
        ("FC-06", "Ночная маска", "Hanbi", 1590, 7),
    ),
    *_goods(
        "care/masks/sheet",
        ("MS-01", "Тканевая маска с алоэ", "Hanbi", 149, 40),
        ("MS-02", "Тканевая маска с муцином", "Hanbi", 179, 34),
        ("MS-03", "Тканевая маска с мёдом", "Lumi", 159, 30),
    ),
    *_goods(
        "care/body",
        ("BD-01", "Скраб для тела кофейный", "Prosto", 590, 12),
        ("BD-02", "Крем для рук", "Prosto", 290, 26),
        ("BD-03", "Масло для тела", "Verba", 890, 8),
        ("BD-04", "Гель для душа", "Prosto", 350, 24),
    ),
    *_goods(
        "hair",
        ("HR-01", "Шампунь бессульфатный", "Verba", 790, 20),
        ("HR-02", "Бальзам для волос", "Verba", 750, 17),
        ("HR-03", "Маска для волос", "Hanbi", 990, 10),
        ("HR-04", "Масло для кончиков", "Verba", 1150, 7),
    ),
    *_goods(
        "makeup",
        ("MU-01", "Тушь для ресниц", "Rouge", 890, 15),
        ("MU-02", "Помада увлажняющая", "Rouge", 790, 15),
        ("MU-03", "Кушон SPF 50", "Hanbi", 1990, 8),
        ("MU-04", "Карандаш для бровей", "Rouge", 450, 14),
        ("MU-05", "Блеск для губ", "Rouge", 590, 13),
    ),
    *_goods(
        "perfume",
        ("PF-01", "Туалетная вода «Сад» 50 мл", "Verba", 3490, 3),
        ("PF-02", "Парфюмированный мист", "Lumi", 1290, 6),
    ),
    *_goods("gift_certificate", ("GC-1000", "Подарочный сертификат 1 000 ₽", "", 1000, 2)),
    *_goods("baby_formula", ("BF-01", "Смесь молочная", "Malysh", 990, 2)),
)


def shop_goods() -> list[Goods]:
    """Return the goods as the till knows them, with barcodes of a country that sells nothing (GS1 prefix 200)."""
    return [
        Goods(
            sku=each.sku,
            title=each.title,
            price=each.price,
            barcode=_ean13(f"2000000{number:05}"),
            category=each.category,
            brand=each.brand,
        )
        for number, each in enumerate(CATALOGUE, 1)
    ]


def _ean13(digits: str) -> str:
    """Return the twelve digits with their check digit (GS1 General Specifications §7.9)."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"
