"""Who watches which list, by their rights and views as they are where the reading stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from libs.service.problems import Invalid
from libs.service.rights import Staff
from services.query.domain.changes import event
from services.query.domain.views import View
from services.query.live.lists import LiveList, LiveLists
from services.query.live.standing import Standing
from services.query.live.viewer import Viewer
from services.query.live.wish import Wish, chosen, counted

VIEWS = event("views", "{}")


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody's rights, and the views that viewers wish for."""

    staff: Mapping[UUID, Staff] = field(default_factory=dict)
    views: Mapping[UUID, View] = field(default_factory=dict)


class NotThere(Exception):
    """What a viewer wishes is not there for them, or they are not among the staff any more."""


class Seats:
    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.lists = LiveLists(standing)
        self._list_of: dict[Viewer, LiveList] = {}
        self._clients: defaultdict[str, set[Viewer]] = defaultdict(set)
        self._had: dict[Viewer, frozenset[tuple[UUID, int]]] = {}
        """The views that those who count have, with their versions."""

    def __iter__(self) -> Iterator[Viewer]:
        return iter([*self._list_of, *(viewer for viewers in self._clients.values() for viewer in viewers)])

    @property
    def are_taken(self) -> bool:
        return bool(self.lists) or bool(self._clients)

    @property
    def accounts(self) -> frozenset[str]:
        """Whose clients watch."""
        return frozenset(self._clients)

    def of_account(self, account: str | None) -> Iterable[Viewer]:
        return self._clients.get(account, ()) if account else ()

    def list_of(self, viewer: Viewer) -> LiveList | None:
        """None of a client, who watches all that is the account's."""
        return self._list_of.get(viewer)

    @property
    def wishes(self) -> Iterable[Wish]:
        """Of whoever watches a list."""
        return (viewer.wish for viewer in self._list_of)

    def seat(self, viewer: Viewer, directory: Directory) -> None:
        """Raises NotThere."""
        if viewer.wish.client is not None:
            self._clients[viewer.wish.client].add(viewer)
        else:
            self._place(viewer, directory)

    def leave(self, viewer: Viewer) -> None:
        if (left := self._list_of.pop(viewer, None)) is not None:
            left.viewers.discard(viewer)
        self._stop_counting(viewer)
        if (client := viewer.wish.client) is not None and client in self._clients:
            self._clients[client].discard(viewer)
            if not self._clients[client]:
                del self._clients[client]

    def renew(self, directory: Directory) -> None:
        """Take rights and views as they are now; whose list is another has to look again from the beginning."""
        for viewer, before in list(self._list_of.items()):
            try:
                self._place(viewer, directory)
            except NotThere:
                viewer.end()
                continue
            if self._list_of[viewer] is not before:
                viewer.reset()

    def _place(self, viewer: Viewer, directory: Directory) -> None:
        wish = viewer.wish
        reader = directory.staff.get(wish.administrator) if wish.administrator else None
        if wish.administrator is not None and (reader is None or not reader.enabled):
            raise NotThere
        view = directory.views.get(wish.view) if wish.view else None
        if wish.view is not None and (view is None or not view.is_seen_by(reader)):
            raise NotThere
        try:
            watched = chosen(view, wish.asked, reader)
        except Invalid:  # the view has been changed, and what was asked for besides does not fit any more
            raise NotThere from None
        self._watch(viewer, self.lists.of(watched))
        if wish.counts:
            self._count(viewer, [one for one in directory.views.values() if one.is_meant_for(reader)], reader)

    def _watch(self, viewer: Viewer, watched: LiveList) -> None:
        if (before := self._list_of.get(viewer)) is not None:
            before.viewers.discard(viewer)
        watched.viewers.add(viewer)
        self._list_of[viewer] = watched
        viewer.list_name = watched.name

    def _count(self, viewer: Viewer, meant: Iterable[View], reader: Staff | None) -> None:
        wanted = counted(meant, viewer.wish.narrowing, reader, usual=viewer.wish.usual)
        lists = {key: self.lists.of(one) for key, one in wanted.items()}
        has = frozenset((view.id, view.version) for view in meant)
        had = self._had.get(viewer)
        self._stop_counting(viewer)
        self._had[viewer], viewer.counted = has, lists
        for one in lists.values():
            self.lists.want_members(one)
            one.counters.add(viewer)
        if has != had:
            viewer.count()
            if had is not None:
                viewer.offer("views", self.standing.word(VIEWS))

    def _stop_counting(self, viewer: Viewer) -> None:
        if self._had.pop(viewer, None) is not None:
            for one in viewer.counted.values():
                assert isinstance(one, LiveList)
                one.counters.discard(viewer)
            viewer.counted = {}
