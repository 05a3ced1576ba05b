"""Many GANs trained at once: one batched network a player, one member a configuration."""

from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings

__all__ = ["Ensemble", "Member", "Settings"]
