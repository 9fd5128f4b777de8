#!/usr/bin/env python3
"""Écrit static/css/cloths.css à partir de palette.json : une classe par toile, et les parts d'un bandeau tissé.

    python3 docs/design/toiles.py

À relancer après indiennes.py ; aucune couleur de thème ne se tape à la main.
"""
import json
from pathlib import Path

ICI = Path(__file__).resolve().parent
PARTS = 24   # la plus grande part d'un bandeau tissé ; la même que MOST_PARTS dans initiatives/templatetags/innovguide.py


def main():
    themes = json.loads((ICI / 'palette.json').read_text('utf-8'))['themes']
    lignes = [f'  .t-{slug}{{--fond:{t["fond"]};--motif:{t["motif"]};--sur:{t["texte"]};--cloth:url(../img/indienne-{slug}.svg)}}'
              for slug, t in themes.items()]
    parts = '.tisse .toile{flex:1}' + ''.join(f'.tisse .f{n}{{flex:{n}}}' for n in range(2, PARTS + 1))
    feuille = ('/* Écrit par docs/design/toiles.py à partir de palette.json : ne pas modifier à la main. */\n'
               '@layer base{\n' + '\n'.join(lignes) + '\n}\n@layer composants{\n  ' + parts + '\n}\n')
    (ICI.parents[1] / 'static/css/cloths.css').write_text(feuille, 'utf-8')


if __name__ == '__main__':
    main()
