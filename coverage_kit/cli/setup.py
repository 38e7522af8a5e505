"""First steps: a workspace, the made-up team, the notebooks."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.assets.paths import folder as resource_folder
from coverage_kit.assets.shipped import write_new_pages
from coverage_kit.cli.base import cli, json_option, print_json, words, workspace_option
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import LANGUAGES, N_, terminal_language

if TYPE_CHECKING:
    from coverage_kit.links import Link, Server
    from coverage_kit.workspace import Workspace

#: How both servers speak with a page and with its kernel.
_CONNECTION = "kernel_websocket_connection_class=coverage_kit.workbook.widget.connection.PromptConnection"
_KERNEL = "--MappingKernelManager.kernel_manager_class=coverage_kit.workbook.widget.connection"
#: The servers look for page templates and their files here: ours fetch nothing from outside.
_SHARE = Path(__file__).parents[1] / "workbook" / "share"
#: What JupyterLab takes up of ours: its settings, and a style.
_LAB = _SHARE / "lab"


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of screens and reports; your system's by default.")
@click.option(
    "--store", default="store.db", metavar="URL", show_default=True, help="A SQLite file name or database URL."
)
@click.option(
    "--timezone", default="Asia/Seoul", metavar="Z", show_default=True, help="Weeks end by it; fixed from here on."
)
def init(folder: Path, lang: str | None, store: str, timezone: str) -> None:
    """Make a workspace: config, store, role lists, notebooks.

    \b
    Example:
      coverage-kit init my-team --lang ko
    """
    from coverage_kit.opening import init_workspace

    lang = lang or terminal_language()
    with init_workspace(folder, lang=lang, store=store, timezone=timezone) as ws:
        t = words(ws)
        click.echo(t(N_("Workspace made: {path}"), path=folder))
        click.echo(t(N_("Next: open the start page: coverage-kit --workspace {path} app"), path=folder))


@cli.command()
@workspace_option
@click.option("--size", type=click.Choice(["small", "case"]), default="small", show_default=True)
@click.option("--reps", "n_reps", type=click.IntRange(1), metavar="N", help="How many reps.")
@click.option("--accounts", "n_accounts", type=click.IntRange(1), metavar="N", help="How many accounts in all.")
@click.option("--weeks", "n_weeks", type=click.IntRange(1, 104), metavar="N", help="How many weeks of history.")
@click.option(
    "--seed", type=int, default=20261122, metavar="N", show_default=True, help="The same seed, the same team."
)
def sample(
    ws: Workspace, size: str, n_reps: int | None, n_accounts: int | None, n_weeks: int | None, seed: int
) -> None:
    """Fill a new workspace with a made-up team.

    \b
    Example:
      coverage-kit sample --size small
    """
    from coverage_kit.sample import fill_workspace

    story = fill_workspace(
        ws, size=size, n_reps=n_reps, n_accounts=n_accounts, n_weeks=n_weeks, seed=seed, progress=sys.stderr.isatty()
    )
    t = words(ws)
    click.echo(t(N_("A made-up team: {reps} reps, {accounts} accounts, {weeks} weeks."), **story))
    click.echo(t(N_("Next: make its weekly reports: coverage-kit --workspace {path} report"), path=ws.path))


@cli.command()
@workspace_option
@click.option("--port", type=click.IntRange(1024, 65535), metavar="N", help="Where to listen; a free one by default.")
@click.option("--no-browser", is_flag=True, help="Open no browser; only print the link.")
def lab(ws: Workspace, port: int | None, no_browser: bool) -> None:
    """Open the workspace's notebooks in JupyterLab, on this machine only.

    \b
    Example:
      coverage-kit lab
    """
    from jupyter_core.paths import jupyter_config_dir

    from coverage_kit.links import free_port

    port = port or free_port()
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    local = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", *root]
    local += [f"--ServerApp.{_CONNECTION}", f"{_KERNEL}.LabKernel"]
    # Nothing is asked of any address outside, and nobody is asked whether it may be: no news, no look for updates.
    local += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    # Korean letters for a machine that has none; a style of the user's own stands before ours.
    styles = {"static_custom_path": [str(Path(folder, "custom")) for folder in (jupyter_config_dir(), _LAB)]}
    local += ["--LabApp.custom_css=True", f"--ServerApp.tornado_settings={styles!r}"]
    _look_also("JUPYTER_CONFIG_PATH", _LAB)
    _serve(ws, "coverage_kit.workbook.lab", [str(_notebooks(ws)), *local, *(["--no-browser"] if no_browser else [])])


@cli.command()
@workspace_option
@click.option("--rep", help="Print only this colleague's link.")
@click.option(
    "--port", type=click.IntRange(1024, 65535), metavar="N", help="Where to listen from now on; all links change."
)
@click.option("--links", "only_links", is_flag=True, help="Print everybody's personal link, and start nothing.")
@click.option("--renew-links", is_flag=True, help="Make new personal links and refuse all earlier ones; start nothing.")
@click.option("--no-browser", is_flag=True, help="Open no browser; only print the links.")
@json_option
def app(
    ws: Workspace,
    rep: str | None,
    port: int | None,
    only_links: bool,
    renew_links: bool,
    no_browser: bool,
    as_json: bool,
) -> None:
    """Open the workbook as a page without code, on this machine only; prints a personal link for each colleague.

    A link records who wrote; it is no lock. It stays valid until it is renewed.

    \b
    Example:
      coverage-kit app --links
    """
    from coverage_kit import links
    from coverage_kit.rules.lookup import get_staff

    starts = not (only_links or renew_links)
    if as_json and starts:
        raise BadInput("links.json", N_("--json goes with --links: coverage-kit app --links --json"))
    if renew_links:
        links.renew_links(ws.path)
    if starts:
        kept = links.read_server(ws.path)
        links.check_port(port or (kept.port if kept else links.free_port()))
    server = links.keep_server(ws.path, port=port)
    personal = links.personal_links(ws, server)
    if rep is not None:
        chosen = get_staff(ws.ledger, rep).id
        personal = [each for each in personal if each.person == chosen]
    if as_json:
        print_json([{"person": each.person, "function": each.function, "url": each.url} for each in personal])
        return
    lines = _link_lines(ws, server, personal, everybody=rep is None)
    if not starts:
        click.echo("\n".join(lines))
        return
    # In the environment, where only this user sees it: a command line is seen by everybody on the machine.
    os.environ["JUPYTER_TOKEN"] = server.token
    os.environ["COVERAGE_KIT_FIRST_PAGE"] = _first_page(ws, server, personal, only=rep is not None)
    os.environ["COVERAGE_KIT_PRINT"] = _kept_text("\n".join(lines))
    _serve(ws, "coverage_kit.workbook.server", _page_arguments(ws, server, personal, no_browser=no_browser))


def _first_page(ws: Workspace, server: Server, personal: list[Link], *, only: bool) -> str:
    """The page that the browser opens: the link of the present user, or the only one printed; else the start page."""
    from coverage_kit.links import page_url
    from coverage_kit.rules.lookup import find_author

    author = find_author(ws.ledger, ws.today())
    own = [each.url for each in personal if only or (author is not None and each.person == author.id)]
    return own[0] if own else page_url(server, "start")


def _page_arguments(ws: Workspace, server: Server, personal: list[Link], *, no_browser: bool) -> list[str]:
    seconds = {"cull_idle_timeout": 300, "cull_interval": 60}
    notebooks = _notebooks(ws)
    ready = _pages_kept_ready(personal)
    return [
        str(notebooks),
        "--Voila.ip=127.0.0.1",
        "--Voila.auto_token=True",
        f"--Voila.{_CONNECTION}",
        f"{_KERNEL}.PageKernel",
        f"--port={server.port}",
        "--Voila.port_retries=0",
        "--template=coverage-kit",
        # A page of each kind that people here open daily is kept ready, so that opening one does not wait for a kernel.
        "--preheat_kernel=True",
        # The next one is prepared only after this one is open.
        "--VoilaKernelManager.fill_delay=4",
        *(
            f"--VoilaKernelManager.preheat_denylist={each.stem}"
            for each in sorted(notebooks.glob("*.ipynb"))
            if each.stem not in ready
        ),
        *(f"--MappingKernelManager.{key}={value}" for key, value in seconds.items()),
        *(["--no-browser"] if no_browser else []),
    ]


def _pages_kept_ready(personal: list[Link]) -> set[str]:
    """The start page, the pages of the printed links, and the coaching page where a coach's link is printed."""
    coaching = {"coach_session"} if any(each.function == StaffFunction.COACH for each in personal) else set()
    return {"start", *coaching, *(each.page for each in personal)}


def _link_lines(ws: Workspace, server: Server, personal: list[Link], *, everybody: bool) -> list[str]:
    """A line for each link; coaches bring in files and keep the role lists, too."""
    from coverage_kit.links import page_url

    t = words(ws)
    coachs_pages = (("import_accounts", t(N_("(bring in a file)"))), ("role_lists", t(N_("(role lists)"))))
    lines = []
    if everybody:
        start = (("start", t(N_("(start)"))), ("coach_session", t(N_("(coaching)"))))
        lines += [f"{name:<16} {page_url(server, page)}" for page, name in (*start, *coachs_pages)]
    for each in personal:
        lines.append(f"{each.person:<16} {each.url}")
        if each.function == StaffFunction.COACH:
            lines += [f"{each.person:<16} {page_url(server, page, each.person)}  {name}" for page, name in coachs_pages]
    return [*lines, t(N_("A personal link records who wrote; it is no lock."))]


def _kept_text(text: str) -> str:
    """The path of a file, readable by its owner only, from which the server prints once it listens.

    An environment variable is too short for the links of a large team.
    """
    descriptor, name = tempfile.mkstemp(prefix="coverage-kit-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def _serve(ws: Workspace, module: str, arguments: list[str]) -> None:
    """Replace this process by a server that listens on this machine only and asks for a token."""
    os.environ["COVERAGE_KIT_WORKSPACE"] = str(ws.path.absolute())
    _look_also("JUPYTER_PATH", _SHARE)
    ws.close()
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def _look_also(variable: str, folder: Path) -> None:
    """Put a folder of ours before those where Jupyter's programs look."""
    os.environ[variable] = os.pathsep.join(filter(None, [str(folder), os.environ.get(variable)]))


def _notebooks(ws: Workspace) -> Path:
    """The workspace's notebooks, with the pages that it is too old to have; the package's own where it has no workbook."""
    own = ws.path / "notebooks"
    if not (own / "rep_workbook.ipynb").is_file():
        return resource_folder("notebooks")
    write_new_pages(ws.path)
    return own
