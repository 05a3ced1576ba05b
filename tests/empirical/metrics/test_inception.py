"""InceptionV3, held against three libraries on scattered weights, and its weights files.

The references were computed once by the libraries' own code on these weights and images:
pytorch-fid 0.3.0 (on torchvision 0.28.0), torch-fidelity 0.4.0 (which TorchMetrics 1.9
calls), and clean-fid 0.1.35's resizing before pytorch-fid's network.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from symgan.empirical.metrics import Inception, inception
from symgan.empirical.metrics.inception_network import Block, expected_shapes, unset
from symgan.errors import BadData, UnknownName

REFERENCE = {
    "pytorch-fid": [
        [0.157345, 0.363006, 0.208889, 1.480383, 0.538766, 0.170208, 1.579606],
        [0.115162, 0.230839, 0.209394, 1.001575, 0.357946, 0.126864, 1.058778],
    ],
    "torchmetrics": [
        [0.163244, 0.356000, 0.207017, 1.472755, 0.550380, 0.180465, 1.573766],
        [0.117053, 0.224892, 0.209269, 0.996528, 0.356382, 0.124940, 1.060382],
    ],
    "clean-fid": [
        [0.185470, 0.442369, 0.230389, 1.835697, 0.666449, 0.216276, 1.966927],
        [0.114139, 0.241805, 0.210161, 1.065933, 0.377100, 0.135313, 1.128221],
    ],
}
TOLERANCE = 1e-5
"""Ninety-four layers of float32 sums in another order; the libraries themselves differ so."""


def scattered(start: int, shape: tuple[int, ...]) -> Tensor:
    """Values in [-1, 1] from a hash of the index: the same on every machine and version."""
    mixed = (torch.arange(prod(shape), dtype=torch.int64) + start) * 2654435761 & 0xFFFFFFFF
    for shift, factor in ((15, 2246822519), (13, 3266489917)):
        mixed = (mixed ^ (mixed >> shift)) * factor & 0xFFFFFFFF
    return ((mixed ^ (mixed >> 16)).to(torch.float64) / 2**31 - 1).reshape(shape)


def weight(name: str, shape: tuple[int, ...]) -> Tensor:
    values = scattered(1000003 * len(name), shape)
    if name.endswith("conv.weight"):
        return (values * (6 / prod(shape[1:])) ** 0.5).float()
    if name.endswith(("running_var", "bn.weight")):
        return (1 + values / 4).float()
    return (values / 20).float()


def images() -> Tensor:
    """A rough and a smooth image, both wider than high values allow: some are cut off."""
    x = scattered(7, (2, 3, 64, 48)).float()
    x[1] = functional.avg_pool2d(x[1:2], 5, 1, 2)[0] * 3
    return x


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file like the published ones: with a classifier and counters that features leave out."""
    weights = {name: weight(name, shape) for name, shape in expected_shapes().items()}
    spare = {
        "fc.weight": torch.zeros(1008, 2048),
        "fc.bias": torch.zeros(1008),
        "Conv2d_1a_3x3.bn.num_batches_tracked": torch.tensor(0),
    }
    path = tmp_path_factory.mktemp("inception") / "weights.pth"
    torch.save({**weights, **spare}, path)
    return path


@pytest.fixture(scope="module")
def network(file: Path) -> Inception:
    return inception(file)


def seen(network: Inception, convention: str, x: Tensor) -> Tensor:
    """Every 300th feature, one image at a time (the references took both at once)."""
    return Inception(network.network, convention, batch=1)(x)[:, ::300].double()


@pytest.mark.parametrize("convention", REFERENCE)
def test_features_are_those_of_the_library(network: Inception, convention: str) -> None:
    found = seen(network, convention, images())
    reference = torch.tensor(REFERENCE[convention], dtype=torch.float64)
    assert float((found - reference).abs().max()) <= TOLERANCE
    others = [torch.tensor(REFERENCE[name]) for name in REFERENCE if name != convention]
    assert min(float((found - other).abs().max()) for other in others) > 1e-3


def test_torchvisions_own_pools_are_a_false_neighbor(
    network: Inception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def padded(self: Block, x: Tensor) -> Tensor:
        if self.layout.pooled is None:
            return functional.max_pool2d(x, 3, 2)
        return self.branch_pool(functional.avg_pool2d(x, 3, 1, 1))

    monkeypatch.setattr(Block, "_pool", padded)
    found = seen(network, "pytorch-fid", images()[:1])
    assert float((found - torch.tensor(REFERENCE["pytorch-fid"][:1])).abs().max()) > 1e-3


def test_it_has_the_number_of_weights_of_inception() -> None:
    """torchvision counts 23,834,568 with a classifier of 1,000 x 2,048 weights and 1,000 biases."""
    learned = [shape for name, shape in expected_shapes().items() if "running" not in name]
    assert sum(map(prod, learned)) == 23_834_568 - 1000 * 2048 - 1000
    assert all(tensor.is_meta for tensor in unset().state_dict().values())


def test_gray_is_three_equal_colors(network: Inception) -> None:
    gray = images()[:1, :1]
    found = network(gray)
    assert torch.equal(found, network(gray.expand(-1, 3, -1, -1)))
    assert found.shape == (1, 2048)
    assert not found.requires_grad


def test_images_of_another_shape_are_named(network: Inception) -> None:
    with pytest.raises(BadData, match=r"\(1, 2, 8, 8\); Inception takes \(n, 3, height"):
        network(torch.zeros(1, 2, 8, 8))


def small(**changed: Tensor) -> dict[str, Tensor]:
    """All tensors in their shapes, without the memory."""
    empty = {name: torch.zeros(1).expand(shape) for name, shape in expected_shapes().items()}
    return {**empty, **changed}


def missing() -> dict[str, Tensor]:
    return {name: value for name, value in small().items() if name != "Mixed_6a.branch3x3.bn.bias"}


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (missing(), "has no tensor Mixed_6a.branch3x3.bn.bias; it should be pt_inception"),
        ({"conv1.weight": torch.zeros(3)}, "has no tensor Conv2d_1a_3x3.conv.weight"),
        (
            small(**{"Mixed_7c.branch1x1.bn.bias": torch.zeros(3)}),
            r"Mixed_7c.branch1x1.bn.bias has the shape \(3,\), not \(320,\)",
        ),
        (small(**{"Mixed_8a.bias": torch.zeros(3)}), "tensor Mixed_8a.bias that InceptionV3"),
        ([1, 2], "holds a list, not a state dictionary"),
        ({"Conv2d_1a_3x3.conv.weight": 3}, r"Conv2d_1a_3x3.conv.weight is no tensor"),
    ],
)
def test_a_file_of_something_else_is_named(held: object, says: str, tmp_path: Path) -> None:
    torch.save(held, tmp_path / "weights.pth")
    with pytest.raises(BadData, match=says):
        inception(tmp_path / "weights.pth")


@pytest.mark.parametrize("content", [b"", b"no weights at all", b"PK\x03\x04 half a zip"])
def test_a_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "weights.pth").write_bytes(content)
    with pytest.raises(BadData, match=r"weights.pth is no state dictionary of PyTorch"):
        inception(tmp_path / "weights.pth")


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "sprung",))

    torch.save(Trap(), tmp_path / "weights.pth")
    with pytest.raises(BadData, match="no state dictionary"):
        inception(tmp_path / "weights.pth")
    assert not (tmp_path / "sprung").exists()


def test_a_missing_file_and_an_unknown_convention_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"no Inception weights at .*put pt_inception.*digit_feat"):
        inception(tmp_path / "absent.pth")
    with pytest.raises(UnknownName, match="pytorch-fid, torchmetrics, clean-fid"):
        inception(tmp_path / "absent.pth", "matlab")
