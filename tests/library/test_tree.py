"""Folders and files: moved, put into the trash with all in them, and put back."""

import pytest

from creative_hub.library import tree
from creative_hub.library.tree import Gone, NotPossible, Selection
from creative_hub.models import Asset, Folder
from tests.library.conftest import Put, root_of, subfolder
from tests.threads import at_once
from wevion.accounts.models import Membership


def names_in(folder: Folder) -> list[str]:
    return sorted(Asset.objects.living().filter(folder=folder).values_list("name", flat=True))


def test_files_of_one_name_are_told_apart_where_they_meet(alice: Membership, put: Put) -> None:
    summer = subfolder(alice, "Summer")
    put(alice, "sea.png", summer)
    moved = [put(alice, "sea.png"), put(alice, "sea.png")]
    assert names_in(root_of(alice)) == ["sea (2).png", "sea.png"]
    assert tree.move(alice.user, Selection(moved), summer) == 2
    assert names_in(root_of(alice)) == []
    assert names_in(summer) == ["sea (2).png", "sea (3).png", "sea.png"]


def test_a_folder_moves_with_all_in_it_but_not_into_itself(alice: Membership, put: Put) -> None:
    outer, other = subfolder(alice, "Outer"), subfolder(alice, "Other")
    inner = subfolder(alice, "Inner", outer)
    put(alice, folder=inner)
    with pytest.raises(NotPossible, match="into itself"):
        tree.move(alice.user, Selection(folders=[outer]), inner)
    with pytest.raises(NotPossible, match="stays"):
        tree.move(alice.user, Selection(folders=[root_of(alice)]), other)
    tree.move(alice.user, Selection(folders=[outer]), other)
    assert [folder.name for folder in inner.path()][1:] == ["Other", "Outer", "Inner"]
    assert names_in(inner) == ["sea.png"]


def test_a_folder_goes_to_the_trash_with_all_below_it_and_comes_back_so(alice: Membership, put: Put) -> None:
    outer = subfolder(alice, "Outer")
    inner = subfolder(alice, "Inner", outer)
    deep, alone = put(alice, "deep.png", inner), put(alice, "alone.png", inner)
    tree.trash(alice.user, Selection([alone]))
    assert tree.trash(alice.user, Selection(folders=[outer])).count == 1
    assert not Asset.objects.of(alice.user).exists()
    assert list(Folder.objects.of(alice.user)) == [root_of(alice)]
    assert list(Folder.objects.trash_of(alice.user)) == [outer]
    assert list(Asset.objects.trash_of(alice.user)) == [alone]

    subfolder(alice, "Outer")
    tree.restore(alice.user, Selection(folders=[outer]))
    outer.refresh_from_db()
    assert outer.name == "Outer (2)"
    assert list(Asset.objects.of(alice.user)) == [deep]
    assert list(Asset.objects.trash_of(alice.user)) == [alone]


def test_what_comes_back_finds_the_nearest_folder_that_is_still_there(alice: Membership, put: Put) -> None:
    outer = subfolder(alice, "Outer")
    inner = subfolder(alice, "Inner", outer)
    file = put(alice, folder=inner)
    tree.trash(alice.user, Selection([file]))
    tree.trash(alice.user, Selection(folders=[inner]))
    put(alice, folder=outer)
    tree.restore(alice.user, Selection([file]))
    file.refresh_from_db()
    assert (file.folder, file.name) == (outer, "sea (2).png")
    tree.trash(alice.user, Selection(folders=[outer]))
    tree.restore(alice.user, Selection(folders=[inner]))
    inner.refresh_from_db()
    assert inner.parent == root_of(alice)


def test_folders_deleted_at_once_come_back_one_inside_the_other(alice: Membership) -> None:
    outer = subfolder(alice, "Zeta")
    inner = subfolder(alice, "Alpha", outer)
    tree.trash(alice.user, Selection(folders=[inner, outer]))
    tree.restore(alice.user, Selection(folders=[inner, outer]))
    inner.refresh_from_db()
    assert inner.parent == outer


def test_nothing_goes_into_a_folder_that_is_in_the_trash(alice: Membership, put: Put) -> None:
    gone = subfolder(alice, "Gone")
    file = put(alice)
    tree.trash(alice.user, Selection(folders=[gone]))
    with pytest.raises(Gone):
        tree.move(alice.user, Selection([file]), gone)
    with pytest.raises(Gone):
        tree.create_folder(alice.user, alice.team, gone, "Inside")
    assert put(alice, "late.png", gone).folder == root_of(alice)


@pytest.mark.django_db(transaction=True)
def test_two_folders_that_are_moved_into_each_other_at_once_make_no_ring(alice: Membership) -> None:
    left, right = subfolder(alice, "Left"), subfolder(alice, "Right")
    ways = [(left, right), (right, left)]

    def move() -> int:
        folder, into = ways.pop()
        return tree.move(alice.user, Selection(folders=[folder]), into)

    moved = at_once(2, move)
    assert {type(result) for result in moved} == {int, NotPossible}
    assert {folder.path()[0] for folder in (left, right)} == {root_of(alice)}


@pytest.mark.django_db(transaction=True)
def test_files_that_arrive_at_once_get_names_of_their_own(alice: Membership, put: Put) -> None:
    root_of(alice)
    at_once(4, lambda: put(alice, "sea.png"))
    assert names_in(root_of(alice)) == ["sea (2).png", "sea (3).png", "sea (4).png", "sea.png"]
