"""The figures of benchmarks/write.py as tables, with the aims beside them."""

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.write import BULK, CLIENTS, LONG, ROUNDS, SHORT, Measured, Rates

NAMES = {
    "floor": "下限：素の psycopg の準備済み1文",
    "ours": "このシステムのコマンド",
    "usual": "通例の作り：django-fsm-2＋guardian＋simple-history（FOR UPDATE）",
    "usual, unlocked": "同、行をロックしない（django-fsm の README の形）",
    "viewflow": "django-viewflow（select_for_update_lock＋guardian）",
}
ROOM = "extend"  # waiting for a table's file to grow is not waiting for somebody's row
ACTS = {
    "approve": "承認（6人の1～5人目）",
    "decide": "決裁（6人目）",
    "conclude": "段階の終了（報告）",
}


def report(found: Measured) -> str:
    return "\n\n".join(
        [_how(found), _aims(found), *_rates(found), _doubles(found), _more(found), _sqlite(found)]
    )


def _how(found: Measured) -> str:
    server = found.server
    return (
        "同じ仕事（対象ごとの権限の確認、状態、連鎖する証跡1件、送信待ち1件。1トランザクション）を、"
        f"同じ回の中で交互に測る。{ROUNDS}回の中央値、比はその回の下限に対する比の中央値。\n"
        "下限は、コマンドが書く行と列をそのまま、ハッシュも計算せずに書く。"
        f"PostgreSQL {server['server_version'].split()[0]}、"
        f"synchronous_commit={server['synchronous_commit']}、fsync={server['fsync']}。"
    )


def ratio(rates: Rates, name: str, what: str, clients: int, to: str = "floor") -> float:
    pairs = zip(rates[name, what, clients], rates[to, what, clients], strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)


def _aims(found: Measured) -> str:
    rates, sqlite = found.rates, found.sqlite
    rows = [
        ("承認÷下限、1クライアント", 0.60, ratio(rates, "ours", "approve", 1)),
        (f"承認÷下限、{CLIENTS}クライアント", 0.50, ratio(rates, "ours", "approve", CLIENTS)),
        ("終了÷下限、1クライアント", 0.60, ratio(rates, "ours", "conclude", 1)),
        (f"終了÷下限、{CLIENTS}クライアント", 0.50, ratio(rates, "ours", "conclude", CLIENTS)),
        ("承認÷通例の作り", 8, ratio(rates, "ours", "approve", 1, "usual")),
        ("承認÷viewflow", 15, ratio(rates, "ours", "approve", 1, "viewflow")),
        ("SQLite の承認÷下限", 0.5, ratio(sqlite, "ours", "approve", 1)),
        ("SQLite の終了÷下限", 0.5, ratio(sqlite, "ours", "conclude", 1)),
    ]
    lines = [_aim(name, f"{aim:g} 以上", f"{is_:.2f}", is_ >= aim) for name, aim, is_ in rows]
    _trials, both, twice = found.doubles["ours"]
    lines.append(_aim("二重クリックの二重承認", "0", f"{max(both, twice)}", not both + twice))
    short, long = (found.long_line[n]["statements"] for n in (SHORT, LONG))
    same = f"{SHORT}人の列と{LONG}人の列で、承認のSQL文の数"
    lines.append(_aim(same, "同じ", f"{short:.0f}、{long:.0f}", short == long))
    waits = sum(n for event, n in found.crowd["waits"].items() if event != ROOM)
    who = f"別々の件を承認する{found.crowd['clients']}クライアントが、互いを待つこと"
    lines.append(_aim(who, "0", f"{waits}", not waits and found.crowd["sees"]))
    if found.bulk is not None:
        lines.append(
            _aim(f"{BULK}件の一括承認", "1 s 以下", f"{found.bulk:.2f} s", found.bulk <= 1)
        )
    return _table(["目標", "", "測定値", ""], lines)


def _aim(name: str, aim: str, measured: str, reached: bool) -> list[str]:
    return [name, aim, measured, "達成" if reached else "**未達**"]


def _rates(found: Measured) -> Iterable[str]:
    for what, title in ACTS.items():
        lines = []
        for name in ("floor", "ours", "usual", "viewflow"):
            if (name, what, 1) in found.rates:
                lines.append([NAMES[name], *_figures(found, name, what)])
        head = ["件／秒", "p50 ms", "うち CPU", "下限比", f"{CLIENTS}並列 件／秒", "下限比"]
        yield f"### {title}\n\n" + _table(["", *head], lines)


def _figures(found: Measured, name: str, what: str) -> list[str]:
    figures = [f"{statistics.median(found.rates[name, what, 1]):.0f}"]
    for measured in ("p50", "cpu"):
        figures.append(
            f"{statistics.median(r[measured] for r in found.runs[name, what, 1]) * 1000:.2f}"
        )
    figures.append(f"{ratio(found.rates, name, what, 1):.3f}")
    figures.append(f"{statistics.median(found.rates[name, what, CLIENTS]):.0f}")
    figures.append(f"{ratio(found.rates, name, what, CLIENTS):.3f}")
    return figures


def _doubles(found: Measured) -> str:
    lines = [[NAMES[name], *map(str, row)] for name, row in found.doubles.items()]
    return "### 二人が同じ瞬間に同じ承認をする\n\n" + _table(
        ["", "回数", "二人とも成功", "証跡が二重"], lines
    )


def _more(found: Measured) -> str:
    crowd = found.crowd
    waits = "、".join(f"{event} {n}" for event, n in crowd["waits"].items()) or "なし"
    bulk = f"{found.bulk:.2f} s" if found.bulk is not None else "まだない"
    lines = [
        *(
            [f"{n}人の列の承認", f"SQL {line['statements']:.0f}文、中央値 {line['ms']:.2f} ms"]
            for n, line in found.long_line.items()
        ),
        [f"{BULK}件の一括承認", bulk],
        [
            f"{crowd['clients']}クライアントが別々の件を承認（{crowd['acts']:.0f}件）",
            f"p50 {crowd['p50'] * 1000:.1f} ms、最大 {crowd['max'] * 1000:.1f} ms。"
            f"ロック待ち：{waits}（{crowd['samples']}回の観測）",
        ],
    ]
    return "### そのほか\n\n" + _table(["", ""], lines)


def _sqlite(found: Measured) -> str:
    rates = found.sqlite
    lines = []
    for what, title in ACTS.items():
        floor, ours = (statistics.median(rates[name, what, 1]) for name in ("floor", "ours"))
        is_ = ratio(rates, "ours", what, 1)
        lines.append([title, f"{floor:.0f}", f"{ours:.0f}", f"{is_:.3f}"])
    return (
        "### SQLite（WAL、synchronous=FULL、1クライアント）\n\n"
        "下限は素の sqlite3：BEGIN IMMEDIATE、UPDATE、INSERT、COMMIT。\n\n"
        + _table(["", "下限 件／秒", "このシステム 件／秒", "下限比"], lines)
    )


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *lines])
