"""``symgan plot``: figures of the dynamics of a game."""

from __future__ import annotations

import typer

from symgan.cli.plot_plane import basins, players, portrait
from symgan.cli.plot_rules import angle, distance, loci, region

plot = typer.Typer(help="Figures of the dynamics of a game.", no_args_is_help=True)

plot.command("portrait")(portrait)
plot.command("players")(players)
plot.command("basins")(basins)
plot.command("loci")(loci)
plot.command("region")(region)
plot.command("angle")(angle)
plot.command("distance")(distance)
