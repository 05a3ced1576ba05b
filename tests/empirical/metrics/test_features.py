"""The classifier of digits: its accuracy, its cache, and that its features tell digits apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from symgan.cache import Cache
from symgan.empirical.data import named
from symgan.empirical.data.source import Images
from symgan.empirical.metrics import digits as module
from symgan.empirical.metrics.classifier import Classifier, Training, train
from symgan.empirical.metrics.digits import digit_features
from symgan.empirical.metrics.features import Features, in_parts, pixels
from symgan.empirical.metrics.frechet import fid
from symgan.errors import BadData

QUICK = Training(epochs=1, channels=2, features=8)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("classifier") / "kept")


@pytest.fixture(scope="module")
def features(cache: Cache) -> Classifier:
    return digit_features(cache=cache)


def images(split: str) -> tuple[Tensor, Tensor]:
    found = named("digits", split=split)
    assert isinstance(found, Images)
    assert found.labels is not None
    return found.take(torch.arange(len(found))), found.labels


def test_it_classifies_what_it_has_not_seen(features: Classifier) -> None:
    x, labels = images("test")
    right = float((features.classes(x) == labels).double().mean())
    assert right == features.accuracy > 0.97
    assert float((features.classes(-x) == labels).double().mean()) < 0.5  # in negative: strange


def test_it_is_trained_once(
    features: Classifier, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*arguments: object) -> Classifier:
        raise AssertionError("trained again")

    monkeypatch.setattr(module, "train", never)
    found = digit_features(cache=cache)
    assert found.fingerprint() == features.fingerprint()
    assert torch.equal(found(images("test")[0]), features(images("test")[0]))
    for other in (Training(seed=1), Training(epochs=14), Training(rate=1e-3)):
        with pytest.raises(AssertionError, match="trained again"):
            digit_features(other, cache)


def test_the_key_holds_all_that_decides_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, held_out = (named("digits", split=s) for s in ("train", "test"))
    assert isinstance(shown, Images)
    assert isinstance(held_out, Images)
    assert shown.labels is not None
    key = module._key(Training(), shown, held_out)
    assert key == module._key(Training(), shown, held_out)
    changed = [
        module._key(Training(seed=2), shown, held_out),
        module._key(Training(), replace(shown, pixels=16 - shown.pixels), held_out),
        module._key(Training(), replace(shown, labels=9 - shown.labels), held_out),
        module._key(Training(), held_out, shown),
    ]
    monkeypatch.setattr(torch, "__version__", "0")
    changed.append(module._key(Training(), shown, held_out))
    assert len({key, *changed}) == 6


def test_training_has_its_own_random_numbers() -> None:
    x, labels = images("test")
    state = torch.get_rng_state()
    first, again = (train(x[:200], labels[:200], (x, labels), QUICK) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert first.fingerprint() == again.fingerprint()
    other = train(x[:200], labels[:200], (x, labels), replace(QUICK, seed=1))
    assert other.fingerprint() != first.fingerprint()


def test_meaningless_labels_cannot_be_learned() -> None:
    x, labels = images("test")
    mixed = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))]
    learned = train(x[:250], mixed[:250], (x[250:], labels[250:]), replace(QUICK, epochs=3))
    assert learned.accuracy < 0.3


def test_its_distance_grows_with_noise(features: Classifier) -> None:
    x, _ = images("train")
    noise = torch.rand(x.shape, generator=torch.Generator().manual_seed(1)) * 2 - 1
    distances = [
        fid(features(x), features((1 - share) * images("test")[0] + share * noise[:355]))
        for share in (0.0, 0.25, 0.5, 1.0)
    ]
    assert distances == sorted(distances)
    assert distances[-1] > 20 * distances[0]


def test_it_sees_a_missing_class_and_pixels_hardly_do(features: Classifier) -> None:
    x, labels = images("train")
    rest = x[labels != 3]
    halves = fid(features(x[::2]), features(x[1::2]))
    assert fid(features(x), features(rest)) > halves
    flat: Features = pixels
    assert fid(flat(x), flat(rest)) < fid(flat(x[::2]), flat(x[1::2]))


def test_images_are_taken_one_by_one_on_any_scale_of_parts(features: Classifier) -> None:
    x, _ = images("test")
    whole = features(x)
    assert whole.dtype == torch.float64
    assert not whole.requires_grad
    parts = in_parts(features, x, 100)
    torch.testing.assert_close(parts, whole, rtol=1e-12, atol=1e-12)  # sums in another order
    assert torch.equal(in_parts(pixels, x, 7), pixels(x))


def test_images_of_another_shape_are_named(features: Classifier) -> None:
    with pytest.raises(BadData, match=r"\(2, 64\); the classifier's are \(n, 1, 8, 8\)"):
        features(torch.zeros(2, 64))
    with pytest.raises(BadData, match="sides of at least 2"):
        train(torch.zeros(3, 1, 1, 4), torch.zeros(3), (torch.zeros(0), torch.zeros(0)))
    with pytest.raises(BadData, match=r"labels \(4,\)"):
        train(torch.zeros(3, 1, 8, 8), torch.zeros(4), (torch.zeros(0), torch.zeros(0)))
