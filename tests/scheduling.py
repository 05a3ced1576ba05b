"""Which worker runs which test: groups whole and first, and a file's tests on one worker.

Under ``--dist loadgroup`` alone neighboring tests alternate between the workers, so that each
worker builds for itself what a file's tests share: fixtures of the module, caches, compiled
kernels. Here a worker stays in a file until nothing of it is left, and only then opens
one that no other worker is in. Tests are still handed out one at a time, and at the
end the workers share the last file: none is idle for longer than a test or a group takes.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController


class FileByFile(LoadGroupScheduling):
    """`LoadGroupScheduling` in which a worker prefers the file that it is in."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self.inside: dict[WorkerController, str] = {}
        """Worker -> the file (or group) of the unit it was given last."""

    def preferred(self, node: WorkerController) -> str:
        """The waiting unit that a worker takes next."""
        own = self.inside.get(node)
        others = {file for worker, file in self.inside.items() if worker is not node}
        unopened = None
        for unit in self.workqueue:
            file = file_of(unit)
            if file == own:
                return unit
            if unopened is None and file not in others:
                unopened = unit
        return next(iter(self.workqueue)) if unopened is None else unopened

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Hand out the preferred unit in place of the first."""
        unit = self.preferred(node)
        self.inside[node] = file_of(unit)
        self.workqueue.move_to_end(unit, last=False)
        super()._assign_work_unit(node)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        """Forget units that are finished: all that is kept is counted again after every test."""
        unit = self._split_scope(self.registered_collections[node][item_index])
        super().mark_test_complete(node, item_index, duration)
        given = self.assigned_work.get(node, {})
        if unit in given and all(given[unit].values()):
            del given[unit]

    def remove_node(self, node: WorkerController) -> str | None:
        """Leave the file of a worker that has gone."""
        self.inside.pop(node, None)
        return super().remove_node(node)


def file_of(unit: str) -> str:
    """The file of a unit that is one test; a group is by itself."""
    return unit.partition("::")[0]
