"""The goods of the shop: what tills know by a barcode, told by its system (api.md "Members, events")."""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from portal.api.api import api
from portal.api.deeds import note_deed
from portal.api.keys import Caller
from portal.api.reading import validated
from portal.api.repeats import told_once
from portal.api.values import NO_CONTROLS, Document, Label, PageSize
from portal.catalogue.goods import Goods
from portal.catalogue.operations import put_goods, take_goods_out
from portal.catalogue.queries import goods_page
from portal.programme.command import Answered
from portal.web.transactions import session
from portal.web.typed import MOST as MOST_MONEY

READERS = ("till", "shop", "crm", "admin")
WRITERS = ("shop", "crm", "admin")
MOST = 500
Told = Annotated[str, Strict(), StringConstraints(max_length=80, pattern=NO_CONTROLS)]
Barcode = Annotated[str, Strict(), StringConstraints(max_length=20, pattern=NO_CONTROLS)]
Price = Annotated[int, Strict(), Field(ge=1, le=MOST_MONEY)]


class ProductBody(Document):
    """One thing that is sold: `price` is that of one, in minor units; `barcode` is empty where there is none."""

    title: Label
    price: Price
    barcode: Barcode = ""
    category: Told = ""
    brand: Told = ""
    tags: Annotated[tuple[Label, ...], Field(max_length=50)] = ()


class ProductName(Document):
    """The name that receipts and rules know goods by."""

    sku: Label


class NamedProduct(ProductName, ProductBody):
    """One thing that is sold, with its name."""


class ProductsBody(Document):
    """Many goods at once, kept together or not at all; within the size of any body."""

    products: Annotated[tuple[NamedProduct, ...], Field(min_length=1, max_length=MOST)]


class CataloguePage(Document):
    """Which page: `cursor` is the `next` of the page before. With a `barcode` the goods that bear it alone."""

    barcode: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=NO_CONTROLS)] | None = None
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=NO_CONTROLS)] | None = None
    limit: PageSize = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAnswer:
    """One thing that is sold, as it stands in the catalogue."""

    sku: str
    title: str
    price: int
    barcode: str
    category: str
    brand: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsAnswer:
    """Goods by name; `next` is the cursor of the page after, null on the last."""

    products: tuple[ProductAnswer, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsKept:
    """How many goods were kept, or taken out."""

    count: int


@api.operation(
    "GET",
    "/catalogue",
    summary="List the goods",
    scopes=READERS,
    parameters=CataloguePage,
    answers={200: ProductsAnswer},
    nature="reads",
)
def catalogue(_caller: Caller, *, parameters: CataloguePage) -> ProductsAnswer:
    """Return a page of what the shop sells, by name, for tills and web shops that keep a copy."""
    page = goods_page(session(), barcode=parameters.barcode, after=parameters.cursor, limit=parameters.limit)
    return ProductsAnswer(products=tuple(ProductAnswer(**asdict(each)) for each in page.goods), next=page.next)


@api.operation(
    "PUT",
    "/products",
    summary="Keep many goods",
    scopes=WRITERS,
    body=ProductsBody,
    answers={200: ProductsKept},
    nature="commands",
)
def put_products(caller: Caller, *, body: ProductsBody) -> Answered[ProductsKept]:
    """Keep up to 500 goods, all or none; what is not named stays, and of one name told twice the last counts."""
    put = partial(_put, caller, body.products, subject=None)
    return told_once(caller, put, ProductsKept, name="products", body=body)


@api.operation(
    "PUT",
    "/products/<path:sku>",
    summary="Keep one of the goods",
    scopes=WRITERS,
    body=ProductBody,
    answers={200: ProductsKept},
    nature="commands",
)
def put_product(caller: Caller, *, sku: str, body: ProductBody) -> Answered[ProductsKept]:
    """Keep a thing that is sold, new or changed. Its barcode leaves the goods that had it before."""
    told = validated(NamedProduct, {"sku": sku, **body.model_dump()})
    put = partial(_put, caller, (told,), subject=sku)
    return told_once(caller, put, ProductsKept, name=f"product {sku}", body=body)


@api.operation(
    "DELETE",
    "/products/<path:sku>",
    summary="Take goods out of the catalogue",
    scopes=WRITERS,
    answers={200: ProductsKept},
    nature="commands",
)
def delete_product(caller: Caller, *, sku: str) -> Answered[ProductsKept]:
    """Sell a thing no longer: tills do not know its barcode any more, and receipts keep what they told of it."""
    validated(ProductName, {"sku": sku})

    def take_out() -> ProductsKept:
        take_goods_out(session(), sku)
        note_deed(caller, "goods.taken_out", subject="catalogue", subject_id=sku)
        return ProductsKept(count=1)

    return told_once(caller, take_out, ProductsKept, name=f"product-out {sku}", body=None)


def _put(caller: Caller, told: tuple[NamedProduct, ...], *, subject: str | None) -> ProductsKept:
    kept = put_goods(session(), [Goods(**each.model_dump()) for each in told])
    note_deed(caller, "goods.put", subject="catalogue", subject_id=subject, count=kept)
    return ProductsKept(count=kept)
