"""Names of files: no two alike in a folder, and never more than a name."""

import pytest

from creative_hub.library import names


def taken_of(used: set[str]) -> names.Taken:
    return lambda wanted: used & set(wanted)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("sea.png", "sea.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\sea.png", "sea.png"),
        ("  two\r\nlines\x00.png ", "two lines.png"),
        ("....", "Untitled"),
        ("", "Untitled"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 300 + ".png", "x" * 146 + ".png"),
    ],
)
def test_a_name_is_one_line_without_folders(given: str, shown: str) -> None:
    assert names.clean(given) == shown


def test_a_name_that_is_taken_gets_the_next_number_before_its_suffix() -> None:
    assert names.assign(["a.png"], taken_of({"a.png"})) == ["a (2).png"]
    assert names.assign(["a.png"], taken_of({"a.png", "a (2).png", "a (3).png"})) == ["a (4).png"]
    assert names.assign(["a.png", "a.png", "b.png"], taken_of(set())) == ["a.png", "a (2).png", "b.png"]
    assert names.assign(["v1.2 of our spring campaign"], taken_of({"v1.2 of our spring campaign"})) == [
        "v1.2 of our spring campaign (2)"
    ]


def test_a_thousand_of_one_name_are_found_in_a_few_looks() -> None:
    used = {"a.png"} | {f"a ({number}).png" for number in range(2, 1001)}
    looks = 0

    def taken(wanted: list[str]) -> set[str]:
        nonlocal looks
        looks += 1
        return used & set(wanted)

    assert names.assign(["a.png"], taken) == ["a (1001).png"]
    assert looks < 15


def test_a_long_name_makes_room_for_its_number() -> None:
    long = "x" * 146 + ".png"
    [other] = names.assign([long], taken_of({long}))
    assert (len(other), other[-8:]) == (150, " (2).png")
