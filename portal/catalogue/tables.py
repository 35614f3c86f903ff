"""The catalogue."""

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Json


class Product(Base):
    """Goods that the shop sells, under the name its rules know them by; `price` in minor units is that of one."""

    __tablename__ = "product"
    __table_args__ = (CheckConstraint("price > 0", name="price"),)

    sku: Mapped[str] = mapped_column(String(80), primary_key=True)
    barcode: Mapped[str | None] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(80))
    brand: Mapped[str] = mapped_column(String(80))
    tags: Mapped[list[str]] = mapped_column(Json)
    price: Mapped[int] = mapped_column(BigInteger)
