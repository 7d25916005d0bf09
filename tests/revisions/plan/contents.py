"""A small plan to take apart: two policies, three programs, four projects, one relisted."""

from copy import deepcopy


def project(uid, name, **fields):
    return {
        "uid": uid,
        "name": name,
        "status": "new",
        "lead": ["joho"],
        "related": [],
        "overview": "",
        "aims": "",
        "actions": [],
        "indicators": [],
        "rationale": "",
        "notes": [],
    } | deepcopy(fields)


def placed(number, uid):
    return {"number": number, "project": uid}


def plan():
    """Return it anew, so that a test may change it."""
    return {
        "plan": {
            "code": "ict",
            "title": "ICT活用推進計画",
            "first_year": 2021,
            "last_year": 2025,
            "philosophy": "市民と行政の未来をつなぐ",
        },
        "policies": [
            {
                "number": 1,
                "name": "便利でやさしい",
                "programs": [
                    {
                        "number": 1,
                        "name": "手続のデジタル化",
                        "aim": "窓口へ来なくてよい。",
                        "placements": [placed(1, "online"), placed(2, "counter")],
                    },
                    {
                        "number": 2,
                        "name": "地域のICT",
                        "aim": "",
                        "placements": [placed(1, "school")],
                    },
                ],
            },
            {
                "number": 2,
                "name": "効率的な行政",
                "programs": [
                    {
                        "number": 1,
                        "name": "ペーパーレス",
                        "aim": "",
                        "placements": [
                            placed(1, "paper"),
                            placed(2, "online") | {"relisted": True},
                        ],
                    }
                ],
            },
        ],
        "projects": [
            project(
                "online",
                "手続のオンライン化",
                related=["koho", {"class": "各施設所管課等"}],
                overview="市への手続を順次切り替えます。",
                actions=[
                    {"text": "方向性整理", "spans": [{"from": 2021, "to": 2021}]},
                    {
                        "text": "オンライン化",
                        "spans": [
                            {"from": 2022, "to": 2023},
                            {"from": 2024, "to": 2025, "text": "全手続"},
                        ],
                    },
                ],
                indicators=[
                    {
                        "name": "手続数",
                        "cumulative": True,
                        "cells": [
                            {"from": 2022, "to": 2022, "text": "検討を踏まえ設定"},
                            {
                                "from": 2023,
                                "to": 2023,
                                "value": "70.8",
                                "unit": "%",
                                "comparison": ">=",
                            },
                        ],
                    }
                ],
            ),
            project("counter", "スマート窓口の検討", lead=["koseki", "joho"]),
            project("school", "学校のICT", status="continued"),
            project("paper", "会議のペーパーレス化"),
        ],
    }
