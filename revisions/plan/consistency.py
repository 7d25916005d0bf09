"""What is wrong with the content of a plan version (content.py). Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisions.plan.cells import COMPARISONS, CONTINUED, cell_text, parse_cell
from revisions.plan.content import DROP_REASONS, LONGEST, SHAPE, STATUSES, Content
from workflow.deadline.era import fiscal_year_label

_KINDS = {str: "文字", int: "整数", bool: "真偽", list: "一覧", dict: "項目の組"}


@dataclass(frozen=True)
class Finding:
    """Something wrong: `path` like projects[3].indicators[0].name, and a Japanese sentence.

    is_error  the content can't be a plan's; without it, a person has to settle something
    values    what %(…)s in the sentence stand for; `year` is a fiscal year
    """

    path: str
    text: str
    is_error: bool = True
    values: Mapping[str, Any] | None = None

    @property
    def message(self) -> str:
        return self.said()

    def said(
        self,
        translated: Callable[[str], str] = str,
        year_words: Callable[[int], str] = fiscal_year_label,
    ) -> str:
        if not self.values:
            return translated(self.text)
        told = {k: year_words(v) if k == "year" else v for k, v in self.values.items()}
        return translated(self.text) % told


def check(content: object, names: Mapping[str, str] | None = None) -> list[Finding]:
    """Return every error: those of the shape alone, or what doesn't fit together in it.

    names  section code → name, for the words of an error
    """
    misshapen = list(_shape(content, SHAPE, ""))
    if misshapen or not isinstance(content, dict):
        return misshapen
    return [
        *_plan(content["plan"]),
        *_chart(content),
        *_placed(content),
        *_projects(content, names or {}),
        *_dropped(content),
    ]


def _shape(value: object, shape: Any, path: str) -> Iterator[Finding]:
    kind = shape if isinstance(shape, type) else type(shape)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield Finding(path, f"{_KINDS[kind]}でなければなりません。")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _shape(inner, shape[0], f"{path}[{n}]")
    elif isinstance(value, dict) and kind is dict:
        yield from _keys(value, shape, path)


def _keys(value: dict[str, Any], shape: dict[str, Any], path: str) -> Iterator[Finding]:
    kinds = {key.removesuffix("?"): kind for key, kind in shape.items()}
    for key, kind in kinds.items():
        if key in value:
            yield from _shape(value[key], kind, f"{path}.{key}".lstrip("."))
        elif key in shape:
            yield Finding(path, f"項目「{key}」がありません。")
    for key in value:
        if key not in kinds:
            yield Finding(path, f"項目「{key}」は使えません。")


def _plan(plan: dict[str, Any]) -> Iterator[Finding]:
    yield from _filled(plan, "title", "plan", "計画の名称")
    yield from _filled(plan, "code", "plan", "計画の記号")
    yield from _short(plan["philosophy"], "plan.philosophy", "philosophy", "基本理念")
    if plan["last_year"] < plan["first_year"]:
        yield Finding("plan.last_year", "計画の最終年度が初年度より前です。")


def _chart(content: Content) -> Iterator[Finding]:
    """Names and numbers of the levels above the projects (体系)."""
    yield from _numbered(content["policies"], "policies")
    for p, policy in enumerate(content["policies"]):
        path = f"policies[{p}]"
        yield from _filled(policy, "name", path, "基本方針の名称", "heading")
        yield from _numbered(policy["programs"], f"{path}.programs")
        for q, program in enumerate(policy["programs"]):
            inner = f"{path}.programs[{q}]"
            yield from _filled(program, "name", inner, "事業推進計画の名称", "heading")
            yield from _numbered(program["placements"], f"{inner}.placements")


def _placed(content: Content) -> Iterator[Finding]:
    """Every project stands in one place; a relisting (再掲) has an original elsewhere."""
    names = {project["uid"]: project["name"] for project in content["projects"]}
    originals: Counter[str] = Counter()
    relisted = {}
    for path, placement in _places(content):
        uid = placement["project"]
        if uid not in names:
            yield Finding(f"{path}.project", f"個別事業「{uid}」がありません。")
        elif placement.get("relisted"):
            relisted[uid] = path
        else:
            originals[uid] += 1
            if originals[uid] > 1:
                yield Finding(
                    path, f"「{names[uid]}」はほかにも掲載されています。再掲にしてください。"
                )
    for n, (uid, name) in enumerate(names.items()):
        if uid in relisted and not originals[uid]:
            yield Finding(relisted[uid], f"「{name}」は再掲ですが、もとの掲載がありません。")
        elif not originals[uid]:
            yield Finding(f"projects[{n}]", f"「{name}」がどこにも掲載されていません。")


def _places(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for p, policy in enumerate(content["policies"]):
        for q, program in enumerate(policy["programs"]):
            for r, placement in enumerate(program["placements"]):
                yield f"policies[{p}].programs[{q}].placements[{r}]", placement


def _projects(content: Content, names: Mapping[str, str]) -> Iterator[Finding]:
    first, last = content["plan"]["first_year"], content["plan"]["last_year"]
    seen = set()
    for n, project in enumerate(content["projects"]):
        path = f"projects[{n}]"
        if project["uid"] in seen:
            yield Finding(f"{path}.uid", f"個別事業「{project['uid']}」が重複しています。")
        seen.add(project["uid"])
        yield from _head(project, path)
        yield from _sections(project, path, names)
        above = None
        for row, action in enumerate(project["actions"]):
            inner = f"{path}.actions[{row}]"
            yield from _filled(action, "text", inner, "取組の内容", "name")
            yield from _spans(action["spans"], f"{inner}.spans", first, last)
            if action["text"] == above:
                yield Finding(inner, f"取組「{above}」が続けて2回あります。1行にしてください。")
            above = action["text"]
        for row, indicator in enumerate(project["indicators"]):
            inner = f"{path}.indicators[{row}]"
            yield from _filled(indicator, "name", inner, "評価指標の名称", "name")
            yield from _spans(indicator["cells"], f"{inner}.cells", first, last)
            yield from _cells(indicator["cells"], f"{inner}.cells")


def _dropped(content: Content) -> Iterator[Finding]:
    """What is not carried over has a name, a class of reason, and a uid of its own."""
    seen = {project["uid"] for project in content["projects"]}
    for n, gone in enumerate(content.get("dropped", [])):
        path = f"dropped[{n}]"
        yield from _filled(gone, "uid", path, "個別事業の記号", "uid")
        yield from _filled(gone, "name", path, "継承しない事業の名称", "name")
        if gone["as"] not in DROP_REASONS:
            yield Finding(f"{path}.as", f"「{gone['as']}」は継承しない理由の区分にありません。")
        if gone["uid"] in seen:
            yield Finding(f"{path}.uid", f"個別事業「{gone['uid']}」が重複しています。")
        seen.add(gone["uid"])


def _head(project: dict[str, Any], path: str) -> Iterator[Finding]:
    yield from _filled(project, "uid", path, "個別事業の記号", "uid")
    yield from _filled(project, "name", path, "個別事業の名称", "name")
    if project["status"] not in STATUSES:
        yield Finding(f"{path}.status", f"「{project['status']}」は新規でも継続でもありません。")


def _sections(project: dict[str, Any], path: str, names: Mapping[str, str]) -> Iterator[Finding]:
    """names  section code → name"""
    if not project["lead"]:
        yield Finding(f"{path}.lead", "主管課等がありません。")
    sections = [(field, s) for field in ("lead", "related") for s in project[field]]
    seen = list[Any]()
    for field, section in sections:
        where = f"{path}.{field}"
        if not _is_section(section):
            yield Finding(where, f"主管課等・関係課等の「{section}」を読み取れません。")
        elif len(_label(section, {})) > LONGEST["class"]:
            label = _label(section, names)
            yield Finding(where, f"課の総称「{label}」は{LONGEST['class']}文字までです。")
        elif section in seen:
            label = _label(section, names)
            yield Finding(where, f"主管課等・関係課等に「{label}」が2回あります。")
        seen.append(section)


def _is_section(section: object) -> bool:
    if isinstance(section, dict) and section.keys() == {"class"}:
        section = section["class"]
    return isinstance(section, str) and bool(section.strip())


def _spans(spans: Sequence[dict[str, Any]], path: str, first: int, last: int) -> Iterator[Finding]:
    """Years stand inside the plan's and in order, and no year has two spans."""
    busy_until = first - 1
    for n, span in enumerate(spans):
        if span["to"] < span["from"]:
            yield Finding(f"{path}[{n}]", "終わりの年度が始まりの年度より前です。")
        elif span["from"] < first or span["to"] > last:
            yield Finding(f"{path}[{n}]", f"計画期間({first}年度から{last}年度まで)の外です。")
        elif span["from"] <= busy_until:
            yield Finding(
                f"{path}[{n}]", "前の期間と年度が重なっているか、年度の順ではありません。"
            )
        busy_until = max(busy_until, span["to"])


def _cells(cells: Sequence[dict[str, Any]], path: str) -> Iterator[Finding]:
    for n, cell in enumerate(cells):
        if cell.get("comparison", "=") not in COMPARISONS:
            yield Finding(f"{path}[{n}].comparison", f"比較「{cell['comparison']}」は使えません。")
        elif not _is_readable(cell):
            yield Finding(f"{path}[{n}]", "値・単位・比較の組としても文章としても読み取れません。")


def _is_readable(cell: dict[str, Any]) -> bool:
    """Whether what is shown of the cell would be read back as the same cell."""
    bare = {key: value for key, value in cell.items() if key not in ("from", "to")}
    if "text" not in cell and not {"value", "unit", "comparison"} <= cell.keys():
        return False
    if bare.get("text") == CONTINUED:
        return False
    return parse_cell(cell_text(bare)) == bare


def _numbered(items: Sequence[dict[str, Any]], path: str) -> Iterator[Finding]:
    numbers = [item["number"] for item in items]
    if numbers != list(range(1, len(numbers) + 1)):
        listed = "、".join(map(str, numbers))
        yield Finding(path, f"番号が1から順に続いていません({listed})。")


def _filled(
    holder: dict[str, Any], key: str, path: str, label: str, kind: str = "name"
) -> Iterator[Finding]:
    if not holder[key].strip():
        yield Finding(f"{path}.{key}", f"{label}がありません。")
    yield from _short(holder[key], f"{path}.{key}", kind, label)


def _short(text: str, path: str, kind: str, label: str) -> Iterator[Finding]:
    if len(text) > LONGEST[kind]:
        yield Finding(path, f"{label}は{LONGEST[kind]}文字までです(いま{len(text)}文字)。")


def _label(section: Any, names: Mapping[str, str]) -> str:
    return names.get(section, section) if isinstance(section, str) else section["class"]
