"""Two versions of the demo's plan, with one of everything between them, and the reasons for it."""

from copy import deepcopy
from functools import cache
from typing import Any

from revisions.demo.city import read
from revisions.documents.table import Reason

Content = dict[str, Any]

SECTION = "照会への{}の回答"
REASONS = {
    "P01": [
        Reason(
            "国の計画の改定に合わせて、取組の期間を1年延ばす。", SECTION.format("情報システム課")
        ),
        Reason("誤記を訂正する。", "事務局の修正"),
    ],
    "P03": [Reason("交付の実績による。", SECTION.format("戸籍住民課"))],
    "P04": [Reason("国が全国の仕組みを用意するため、市では検討しない。", SECTION.format("図書館"))],
    "P39": [Reason("=1+1 で始まる理由も文字のままとする。", SECTION.format("高齢介護課"))],
    "2-2": [Reason("電子決裁を含むことを明らかにする。", "事務局の修正")],
}


@cache
def _plan() -> Content:
    plan = read("plan.yaml")
    names = {section["code"]: section["name"] for section in read("city.yaml")["sections"]}
    return {key: plan[key] for key in ("plan", "policies", "projects")} | {"sections": names}


def old() -> Content:
    return deepcopy(_plan())


def new() -> Content:
    content = old()
    _edit(content)
    _discontinue(content)
    _move(content)
    _add(content)
    _relist(content)
    for _, program in _programs(content):
        for number, place in enumerate(program["placements"], 1):
            place["number"] = number
    return content


def _programs(content: Content) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{policy['number']}-{program['number']}", program)
        for policy in content["policies"]
        for program in policy["programs"]
    ]


def _places(content: Content, number: str) -> list[dict[str, Any]]:
    return dict(_programs(content))[number]["placements"]


def _sheet(content: Content, uid: str) -> dict[str, Any]:
    [found] = (project for project in content["projects"] if project["uid"] == uid)
    return found


def _edit(content: Content) -> None:
    online = _sheet(content, "P01")
    online["overview"] = online["overview"].replace("順次", "計画的に")
    online["aims"] = online["aims"].replace("令和4年度末", "令和5年度末")
    online["related"] = ["gyosei-keiei", "koseki", {"class": "各手続所管課等"}]
    online["actions"][1]["spans"] = [{"from": 2021, "to": 2023}]
    cards = _sheet(content, "P03")
    cards["indicators"][0]["cells"][0] |= {"value": "75.0", "comparison": ">="}
    cards["actions"].append({"text": "出張申請の受付", "spans": [{"from": 2022, "to": 2023}]})
    _sheet(content, "P10")["lead"] = ["koho", "joho"]
    _sheet(content, "P04")["rationale"] = ""
    _sheet(content, "P02")["rationale"] = "窓口での聞き取りによる。"
    paperless = dict(_programs(content))["2-2"]
    paperless["name"] = "業務のペーパーレス化と電子決裁の推進"
    content["plan"]["philosophy"] = "市民と行政の未来をつなぐ、ICTとデータの有効活用"


def _discontinue(content: Content) -> None:
    content["projects"] = [p for p in content["projects"] if p["uid"] != "P04"]
    del _places(content, "1-1")[3]


def _move(content: Content) -> None:
    _places(content, "3-1").append(_places(content, "1-2").pop(1))


def _add(content: Content) -> None:
    content["projects"].append(
        {
            "uid": "P39",
            "name": "スマートフォン講座の開催",
            "status": "new",
            "lead": ["korei"],
            "related": ["joho"],
            "overview": "公民館などで、スマートフォンの使い方を学ぶ講座を開きます。",
            "aims": "=はじめて使う人が、市の手続を自分でできるようにします。",
            "actions": [{"text": "講座の開催", "spans": [{"from": 2022, "to": 2025}]}],
            "indicators": [
                {
                    "name": "受講者数",
                    "cumulative": True,
                    "cells": [
                        {
                            "from": 2025,
                            "to": 2025,
                            "value": "1200",
                            "unit": "人",
                            "comparison": ">=",
                        }
                    ],
                }
            ],
            "rationale": "公民館の数と定員による。",
            "notes": [],
        }
    )
    _places(content, "1-3").append({"number": 6, "project": "P39"})


def _relist(content: Content) -> None:
    del _places(content, "2-4")[1]
    _places(content, "2-4").append({"number": 3, "project": "P36", "relisted": True})
