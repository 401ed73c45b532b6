#!/usr/bin/env python3
"""Turns Material Symbols Rounded (weight 400, 24 px, Apache-2.0, https://fonts.google.com/icons) into Kotlin.

    python3 icons.py FOLDER_WITH_SVGS > src/main/kotlin/org/dangjian/ui/components/Icons.kt

An icon that is needed is added to NAMES; `-fill` is the filled variant. They point the same way in both directions of text.
"""
import pathlib
import re
import sys

NAMES = """arrow_back arrow_downward arrow_upward article block campaign campaign-fill check check_circle-fill chevron_right
close cloud_download cloud_off cloud_off-fill cloud_upload download_done draw error-fill event_available flag flag-fill
gpp_bad home home-fill leaderboard-fill local_fire_department-fill menu_book menu_book-fill notifications
notifications-fill pause-fill pause_circle pause_circle-fill payments person person-fill play_arrow-fill qr_code_scanner quiz
radio_button_checked radio_button_unchecked refresh report-fill schedule sync task_alt-fill text_fields text_increase
timer-fill verified-fill videocam volume_up workspace_premium-fill call cloud_done edit_note groups history
hourglass_top info lightbulb lock login send-fill settings undo visibility_off""".split()


def kotlin(name: str) -> str:
    return "".join(part.capitalize() for part in re.split("[_-]", name))


def wrapped(path: str, width: int) -> str:
    rest, lines = path, []
    while rest:
        lines.append(rest[:width])
        rest = rest[width:]
    return " +\n".join(f'            "{line}"' for line in lines)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    print("package org.dangjian.ui.components\n")
    print("import androidx.compose.ui.graphics.Color")
    print("import androidx.compose.ui.graphics.SolidColor")
    print("import androidx.compose.ui.graphics.vector.ImageVector")
    print("import androidx.compose.ui.graphics.vector.addPathNodes")
    print("import androidx.compose.ui.unit.dp\n")
    print("/** Material Symbols Rounded, weight 400, by Google, Apache-2.0. Written by `icons.py`. */")
    print("object Icons {")
    for name in sorted(NAMES, key=kotlin):
        svg = (folder / f"{name}.svg").read_text()
        assert 'viewBox="0 -960 960 960"' in svg, name
        path = " ".join(re.search(r' d="([^"]+)"', svg).group(1).split())
        print(f"    val {kotlin(name)}: ImageVector by lazy {{")
        print(f'        icon(\n            "{name}",\n{wrapped(path, 100)},\n        )\n    }}\n')
    print("    /** The symbols' own coordinates: 960 units square, the origin at the lower left. */")
    print("    private fun icon(name: String, path: String): ImageVector =")
    print("        ImageVector.Builder(name, 24.dp, 24.dp, 960f, 960f)")
    print("            .addGroup(translationY = 960f)")
    print("            .addPath(addPathNodes(path), fill = SolidColor(Color.Black))")
    print("            .clearGroup()")
    print("            .build()")
    print("}")


main()
