#!/usr/bin/env python3
"""Grave les indiennes d'InnovGuide : palette, un tissu et une frise par thème, un tissu neutre, ornements, emblème.

    python3 docs/design/indiennes.py [DOSSIER_DE_SORTIE]    par défaut static/img ; la palette reste à côté de ce fichier

Même sortie à chaque fois : la « main » est un générateur aléatoire semé par le nom du tissu.
Un tissu = un raccord (viewBox 4 unités par pixel) : le motif principal posé deux fois en quinconce, un motif
second dans les vides, un fond (picotage, filets, écailles…). Quatre couleurs : fond, motif, rehaut, ombre.
"""
import json
import math
import sys
from pathlib import Path

from gravure import (C, L, M, Trace, Z, boteh, disque, ecarter, feuille, le_long, ligne, lisse, main_de, petale,
                     picots, polygone, retrait)
import ornements

PAPIER, ENCRE, ACCENT = '#f6eedd', '#2a1c18', '#96272b'

# teinture : fond, motif (réserve ou second passage), rehaut (petites masses), ombre (ton sur ton), touche (une note)
TEINTES = {
    'alimentation': ('Vert olive', '#48500b', '#f3e6c8', '#e3b23f', '#707a35', '#aab45a'),
    'emploi-insertion': ('Cachou', '#47220f', '#f3e3c3', '#dda63f', '#7d4a2a', '#b98a5a'),
    'habitat': ('Terre cuite', '#d36d48', '#40170f', '#fdf0da', '#e5946c', '#fad27a'),
    'mobilite': ('Bleu lavé', '#a5cbd9', '#163e69', '#fdf6e6', '#7db0c8', '#a8323a'),
    'economie-circulaire': ('Coing', '#bac37f', '#33401a', '#fdf5dc', '#92a35c', '#b04a2c'),
    'energie-climat': ('Gaude', '#e9ab36', '#84201c', '#fdf3d8', '#c4841a', '#bd4a1c'),
    'sante-autonomie': ('Lavande', '#9f88b8', '#32214f', '#fdf4ea', '#826a9e', '#2f4a22'),
    'enfance-jeunesse-education': ('Rose', '#f2c9c3', '#8c2334', '#fffaf0', '#dd9f98', '#5c7030'),
    'culture-patrimoine': ('Garance', '#9a2634', '#f7e7c8', '#e3ac40', '#b94d54', '#1b3a6b'),
    'lien-social-droits': ('Ramoneur', '#2b1830', '#f1ddb9', '#d8604f', '#5c4262', '#e0aa44'),
    'numerique': ('Indigo', '#123e73', '#ece8d8', '#8cbbd6', '#36649b', '#ecb84e'),
    'economie-locale-cooperation': ('Bleu de mer', '#0f7073', '#f5e9cc', '#ebbd58', '#3f9998', '#b5cc8a'),
    # pour un thème ajouté plus tard, qui n'a pas encore sa toile
    'neutre': ('Bis', '#d5c8ac', '#4a3524', '#fbf4e2', '#b7a683', '#7d6a45'),
}


# ---------------------------------------------------------------- couleurs

def luminance(hexa):
    v = [int(hexa[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    v = [c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4 for c in v]
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]


def contraste(a, b):
    la, lb = sorted((luminance(a), luminance(b)), reverse=True)
    return round((la + .05) / (lb + .05), 2)


def palette():
    themes = {}
    for slug, (nom, fond, motif, rehaut, ombre, touche) in TEINTES.items():
        texte = max((PAPIER, ENCRE), key=lambda c: contraste(c, fond))
        themes[slug] = {
            'teinte': nom, 'fond': fond, 'motif': motif, 'rehaut': rehaut, 'ombre': ombre, 'touche': touche, 'texte': texte,
            'contrastes': {'texte_sur_fond': contraste(texte, fond), 'motif_sur_fond': contraste(motif, fond),
                           'fond_sur_papier': contraste(fond, PAPIER), 'encre_sur_papier': contraste(ENCRE, PAPIER)}}
    return {'papier': PAPIER, 'encre': ENCRE, 'accent': ACCENT,
            'contrastes': {'encre_sur_papier': contraste(ENCRE, PAPIER), 'accent_sur_papier': contraste(ACCENT, PAPIER)},
            'themes': themes}


# ---------------------------------------------------------------- assemblage
# Un motif est une liste de couches (pinceau, trace). Pinceaux : 'm' 'r' 'o' 't' 'f' (aplats motif, rehaut, ombre, touche, fond),
# suivi de chiffres : trait de cette largeur ('f6' : filet réservé de 6) ; 'mf5' : aplat m cerné de fond sur 5.

def couches(liste, c):
    coul = dict(zip('fmrot', c))
    out, groupe = [], []

    def verser():
        if not groupe:
            return
        p = groupe[0][0]
        # le second et le troisième passage de la planche ne tombent jamais tout à fait juste
        d = sum((t.aller(2, 1.4) if p[0] in 'rt' else t for _, t in groupe), Trace()).d()
        lettres = ''.join(x for x in p if x.isalpha())
        larg = ''.join(x for x in p if not x.isalpha())
        if not larg:
            att = f'fill="{coul[p]}"'
        elif len(lettres) == 2:
            att = f'fill="{coul[lettres[0]]}" stroke="{coul[lettres[1]]}" stroke-width="{larg}"'
        else:
            att = f'fill="none" stroke="{coul[p[0]]}" stroke-width="{larg}"'
        out.append(f'<path {att} d="{d}"/>')
        groupe.clear()
    for p, t in liste:
        if groupe and groupe[0][0] != p:
            verser()
        groupe.append((p, t))
    verser()
    return ''.join(out)


def boite(liste):
    bs = []
    for p, t in liste:
        larg = float(''.join(x for x in p if not x.isalpha()) or 0) / 2
        x0, y0, x1, y1 = t.boite()
        bs.append((x0 - larg, y0 - larg, x1 + larg, y1 + larg))
    a, b, c, d = zip(*bs)
    return min(a), min(b), max(c), max(d)


def svg(w, h, corps, px=4):
    n = lambda v: f'{v:g}'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{n(w / px)}" height="{n(h / px)}" viewBox="0 0 {n(w)} {n(h)}" '
            f'stroke-linecap="round" stroke-linejoin="round">{corps}</svg>\n')


def raccord(w, h, c, motifs, fond='', dessus=''):
    """motifs : [(liste, [(x, y, angle, miroir)…])] ; recopie ce qui déborde pour que le bord s'ajuste."""
    corps = [f'<path fill="{c[0]}" d="M0 0h{w:g}v{h:g}H0z"/>', fond]
    defs, usages = [], []
    for i, (liste, poses) in enumerate(motifs):
        nom = 'abcdefgh'[i]
        defs.append(f'<g id="{nom}">{couches(liste, c)}</g>')
        for x, y, a, miroir in poses:
            pose = [(p, t.aller(x, y, a, 1, miroir)) for p, t in liste]
            x0, y0, x1, y1 = boite(pose)
            for dx in (-w, 0, w):
                for dy in (-h, 0, h):
                    if x0 + dx < w and x1 + dx > 0 and y0 + dy < h and y1 + dy > 0:
                        tx, ty = x + dx, y + dy
                        if a or miroir:
                            tr = f'translate({tx:g} {ty:g})' + (f'rotate({a:g})' if a else '') + ('scale(-1 1)' if miroir else '')
                            usages.append(f'<use href="#{nom}" transform="{tr}"/>')
                        else:
                            usages.append(f'<use href="#{nom}" x="{tx:g}" y="{ty:g}"/>')
    corps += ['<defs>' + ''.join(defs) + '</defs>'] + usages + [dessus]
    return svg(w, h, ''.join(corps))


def semis(w, h, pas_x, pas_y, couleur, larg, phase=(0, 0)):
    """Picotage de fond : un réseau en quinconce posé à la main, jamais tout à fait droit."""
    g = main_de(couleur)
    px, py = pas_x * 2, pas_y * 2
    pts = [(x + g.uniform(-.09, .09) * pas_x, y + g.uniform(-.09, .09) * pas_y)
           for j in range(4) for i in range(2)
           for x, y in [((i + .25 + .5 * (j % 2)) * pas_x, (j + .5) * pas_y / 2)]]
    return (f'<pattern id="p" width="{px}" height="{py}" patternUnits="userSpaceOnUse">'
            f'<path stroke="{couleur}" stroke-width="{larg}" d="{picots(pts).d()}"/></pattern>'
            f'<path fill="url(#p)" d="M0 0h{w:g}v{h:g}H0z"/>')


def rosette(n, r0, l, w, forme=petale, dec=0, **kw):
    return sum((forme(l, w, **kw).aller(0, -r0).aller(a=dec + 360 * i / n) for i in range(n)), Trace())


def couronne(n, r, dec=0):
    return picots([(r * math.sin(math.radians(dec + 360 * i / n)), -r * math.cos(math.radians(dec + 360 * i / n)))
                   for i in range(n)])


# ---------------------------------------------------------------- motifs

def artichaut(g):
    m = []
    for a in range(-36, 37, 9):
        m.append(('r6', ligne((0, -118), (0, -148)).aller(0, 30, a * .8)))
    m.append(('t10', lisse([(0, 30), (4, 80), (-6, 128)])))
    for s in (-1, 1):
        f = feuille(118, 46, .28).aller(0, 100 - 6 * s, 62).trembler(g)
        if s < 0:
            f = feuille(118, 46, .28).aller(0, 100, 62).carte(lambda x, y: (-x, y)).trembler(g)
        m.append(('t', f))
    for s in (-1, 1):
        v = ligne((0, -14), (0, -50), (3, -92)).plier(.28, 118).aller(0, 100, 62)
        m.append(('f5', v.carte(lambda x, y: (s * x, y))))
    for k, (lg, angles) in enumerate([(140, (-24, 0, 24)), (124, (-46, -15, 15, 46)), (100, (-66, -33, 0, 33, 66)),
                                      (76, (-78, -46, -16, 16, 46, 78)), (50, (-58, 0, 58))]):
        for a in angles:
            m.append(('rf5' if k in (1, 3) else 'mf5', feuille(lg, lg * .38 + 8).aller(0, 40, a).trembler(g)))
    return m


def rameau_olive(g):
    m = [('t6', lisse([(-4, 62), (4, 20), (-4, -20), (2, -44)]))]
    for y, a in ((40, 48), (10, 52), (-20, 44)):
        for s in (-1, 1):
            m.append(('t', feuille(50, 20, .12).aller(0, y + (8 if s > 0 else 0), a).carte(lambda x, q: (s * x, q)).trembler(g)))
    m.append(('t', feuille(44, 18).aller(2, -38, 4).trembler(g)))
    m.append(('m', disque(13, g, 10).aller(-24, 50, 20) + disque(12, g, 9).aller(30, 58, -20)))
    return m


def abeille(g):
    ailes = sum((petale(l, w).aller(s * 12, y, s * a).trembler(g) for s in (-1, 1)
                 for l, w, y, a in ((112, 54, -20, 60), (84, 44, -4, 100))), Trace())
    veines = sum((lisse([(s * 30, y), (s * (x + 20) / 2, (y + y2) / 2 - 5), (s * x, y2)]) for s in (-1, 1)
                  for y, x, y2 in ((-32, 92, -64), (-24, 96, -46), (2, 74, 10), (8, 70, 22))), Trace())
    corps = Trace([M(0, -12), C(34, -10, 40, 46, 0, 106), C(-40, 46, -34, -10, 0, -12), Z]).trembler(g)
    duvet = sum((ligne((x, y), (x * 1.12, y + 9)) for x, y in ((-14, -36), (0, -40), (14, -36), (-8, -24), (8, -24), (0, -16))), Trace())
    return [('m', ailes), ('f4', veines), ('rf6', corps),
            ('f9', sum((lisse([(-32, y), (0, y + 8), (32, y)]) for y in (14, 36, 58)), Trace())),
            ('mf6', disque(27, g).aller(0, -26)), ('f5', duvet), ('rf6', disque(17, g).aller(0, -60)),
            ('r5', lisse([(-6, -72), (-14, -92), (-30, -100)]) + lisse([(6, -72), (14, -92), (30, -100)]))]


def maison(g):
    m = [('m9', lisse([(0, 66), (5, 100), (-3, 146)]))]
    for s in (-1, 1):
        m.append(('m', feuille(92, 38, .25).aller(0, 132, 66).carte(lambda x, y: (s * x, y)).trembler(g)))
        m.append(('f5', ligne((0, -16), (0, -66)).plier(.25, 92).aller(0, 132, 66).carte(lambda x, y: (s * x, y))))
    for s, lg in ((-1, 190), (1, 160)):   # deux cyprès, jamais jumeaux
        m.append(('m7', ligne((s * 92, 64), (s * 92, 40))))
        m.append(('r', Trace([M(0, 0), C(26, -4, 24, -lg * .5, 2, -lg), C(-24, -lg * .5, -26, -4, 0, 0), Z]).aller(s * 92, 52).trembler(g)))
        y, k, veine = 34, 1, Trace()
        while y > 66 - lg + 22:
            veine += ligne((s * 92 - k * 9, y), (s * 92 + k * 5, y - 20))
            y, k = y - 19, -k
        m.append(('o4', veine))
    m.append(('m8', lisse([(-118, 70), (-40, 64), (40, 65), (118, 70)])))
    m.append(('m', polygone([(-54, 62), (-54, -20), (54, -20), (54, 62)]).trembler(g)))
    m.append(('mf6', polygone([(-72, -12), (-60, -34), (0, -90), (60, -34), (72, -12)]).trembler(g)))
    tuiles = Trace()
    for y, n, lx in ((-30, 5, 54), (-50, 3, 36), (-68, 2, 19)):
        for i in range(n):
            x = -lx + 2 * lx * (i + .5) / n
            w = lx / n * .85
            tuiles += lisse([(x - w, y - 7), (x, y + 5), (x + w, y - 7)])
    m.append(('f5', tuiles))
    m.append(('r', Trace([M(-15, 62), L(-15, 28), C(-15, 4, 15, 4, 15, 28), L(15, 62), Z]).trembler(g)))
    m.append(('f7', sum((ligne((x, 10), (x, 26)) for x in (-38, -30, 30, 38)), Trace())))
    m.append(('t', sum((petale(40, 22).aller(0, -94, a).trembler(g) for a in (-44, 0, 44)), Trace())))
    m.append(('t11', picots([(-34, -132), (34, -132), (0, -146)])))
    return m


def clef(g):
    return [('m9', disque(16, g).aller(-18, -46) + disque(16, g).aller(18, -46) + disque(16, g).aller(0, -74)),
            ('m10', ligne((0, -24), (1, 62))), ('m', polygone([(0, 30), (30, 32), (30, 46), (17, 46), (17, 52), (30, 52), (29, 66), (0, 64)]).trembler(g)),
            ('mf5', disque(11, g).aller(0, -20)), ('r8', picots([(-18, -46), (18, -46), (0, -74), (-24, 20), (24, 6), (-24, 52)]))]


def hirondelle(g):
    aile = Trace([M(-8, -46), C(-40, -90, -112, -90, -168, -10), C(-126, -46, -92, -34, -66, -14), C(-48, -2, -28, 4, -8, 8), Z])
    corps = Trace([M(0, -92), C(7, -90, 22, -82, 23, -52), C(24, -10, 15, 24, 7, 52), L(-7, 52), C(-15, 24, -24, -10, -23, -52), C(-22, -82, -7, -90, 0, -92), Z])
    filet = Trace([M(-6, 40), C(-10, 74, -20, 110, -56, 150), C(-20, 124, -4, 92, 0, 60), L(4, 40), Z])
    m = [('m', aile.trembler(g) + aile.carte(lambda x, y: (-x, y)).trembler(g) + filet.trembler(g) + filet.carte(lambda x, y: (-x, y)).trembler(g)),
         ('mf6', corps.trembler(g))]
    pl = Trace()
    for s in (-1, 1):
        for a, b, c, d in ((30, -52, 58, -18), (52, -62, 82, -26), (76, -66, 106, -36), (102, -60, 126, -38)):
            pl += lisse([(s * a, b), (s * ((a + c) / 2 + 9), (b + d) / 2 - 4), (s * c, d)])
    m.append(('f5', pl))
    m.append(('t', Trace([M(0, -78), C(13, -76, 16, -62, 11, -50), C(5, -44, -5, -44, -11, -50), C(-16, -62, -13, -76, 0, -78), Z])))
    m.append(('f5', sum((lisse([(-12, y), (0, y + 7), (12, y)]) for y in (-30, -14, 2, 18)), Trace())))
    m.append(('m8', picots([(-34, 70), (34, 70), (-56, 96), (56, 96), (0, 96), (0, 122), (-58, 36), (58, 36), (-92, 20), (92, 20)])))
    return m


def roue(g, r=46):
    return [('m7', disque(r, g)), ('m', rosette(8, 10, r - 16, 15)), ('m', disque(9, g)), ('r', disque(4)), ('t8', couronne(8, r + 15, 22.5))] + \
           [('m8', couronne(8, r + 15))]


def tournoi_botehs(g):
    """Trois palmes qui se suivent en rond : rien ne se perd."""
    m = []
    pose = lambda t, i: t.aller(0, 0, 84).aller(-44, -74).aller(a=120 * i)
    b = boteh(1.12)
    for i in range(3):
        m.append(('m', pose(b, i).trembler(g)))
    for i in range(3):
        m.append(('f5', pose(retrait(b, 9, 27), i)))
        m.append(('r', pose(rosette(5, 3, 19, 15).aller(0, -12), i)))
        m.append(('r9', pose(picots([(-7, -49), (-4, -66), (6, -80)]), i)))
    m.append(('t', rosette(6, 6, 27, 18).trembler(g)))
    m.append(('r14', picots([(0, 0)])))
    m.append(('m9', picots(ecarter([p for i in range(3) for p in le_long(pose(b, i), 37, 19)
                                    if all(min(math.dist(p, q) for q in pose(b, j).points()[0]) > 17 for j in range(3)) and math.hypot(*p) > 66], 20))))
    return m


def pousse(g):
    return [('m6', lisse([(0, 46), (3, 16), (0, -6)])), ('m', feuille(56, 34, .2).aller(0, 0, 38).trembler(g) + feuille(56, 34, -.2).aller(0, 0, -38).trembler(g)),
            ('f4', ligne((10, -14), (24, -36)) + ligne((-10, -14), (-24, -36))), ('t18', picots([(0, -46)])),
            ('m7', picots([(-20, 44), (20, 44), (-36, 28), (36, 28), (0, -72), (0, 64)]))]


def soleil(g):
    m = [('m', sum((feuille(70, 34).aller(0, -54).aller(a=45 * i).trembler(g) for i in range(8)), Trace()))]
    flammes = Trace()
    for i in range(8):
        f = Trace([M(-8, 0), C(-14, -20, 12, -26, 2, -50), C(0, -60, -6, -66, -2, -76), C(14, -62, 16, -44, 10, -30), C(6, -18, 10, -8, 8, 0), Z])
        flammes += f.aller(0, -54).aller(a=45 * i + 22.5).trembler(g)
    m.append(('t', flammes))
    m.append(('f5', sum((ligne((0, -66), (0, -102)).aller(a=45 * i) for i in range(8)), Trace())))
    m.append(('mf6', disque(58, g)))
    m.append(('r', rosette(12, 24, 26, 13)))
    m.append(('f5', disque(19)))
    m.append(('r', rosette(6, 2, 13, 9)))
    m.append(('m9', couronne(16, 148, 11.25)))
    return m


def goutte(g):
    return [('t', feuille(64, 44).aller(0, 34).trembler(g)), ('r', feuille(34, 22).aller(0, 22)),
            ('m', feuille(40, 22, .2).aller(14, 46, 64).trembler(g) + feuille(40, 22, -.2).aller(-14, 46, -64).trembler(g)), ('m8', picots([(0, 50), (-26, -22), (26, -22), (0, -48)]))]


def lavande(g):
    m = []
    for a, lg in ((-19, 1), (19, 1), (0, 1.1)):
        pose = lambda t: t.aller(0, 92, a, lg)
        m.append(('t5', pose(ligne((0, 62), (0, -130)))))
        fl = Trace()
        for k, y in enumerate((-64, -90, -113, -134, -152)):
            w = 27 - k * 2.8
            for s in (-1, 1):
                fl += petale(w * 1.15, w * .85).aller(0, y, s * 54)
        fl += petale(26, 14).aller(0, -158)
        m.append(('m', pose(fl).trembler(g)))
        m.append(('r8', pose(picots([(s * 13, y - 9) for y in (-64, -90, -113) for s in (-1, 1)] + [(0, -140)]))))
    for s in (-1, 1):
        m.append(('t', feuille(84, 18, .24).aller(4, 82, 34).carte(lambda x, y: (s * x, y)).trembler(g)))
    m.append(('r', sum((petale(38, 30).aller(0, 98, s * 74).trembler(g) for s in (-1, 1)), Trace())))
    m.append(('m4', ligne((-10, 96), (-24, 91)) + ligne((10, 96), (24, 91))))
    m.append(('rm4', disque(9, g).aller(0, 98)))
    return m


def amandier(g, h=480):
    """Une branche sans fin : bouton, fleur mi-close, fleur ouverte (trois âges)."""
    x = lambda y: 40 * math.sin(2 * math.pi * y / h)
    m = [('m9', lisse([(x(y), y) for y in range(-240, 241, 40)]))]
    f = Trace()
    for y, s, a in ((-200, -1, -40), (-150, 1, 70), (-76, -1, -76), (10, 1, 62), (64, -1, -58), (172, 1, 50), (196, -1, -70)):
        f += feuille(56, 25, .16 * s).aller(x(y), y, a).trembler(g)
    m.append(('t', f))
    br = [((x(-120), -120), (52, -140), (74, -150)), ((x(120), 120), (-52, 104), (-72, 92)), ((x(-20), -20), (46, -52), (52, -74)), ((x(216), 216), (46, 200), (60, 182))]
    br = br[:3]
    m.append(('m6', sum((lisse([(x(-112), -112), (-66, -132), (-88, -140)]) for _ in (0,)), Trace())
              + lisse([(x(110), 110), (66, 92), (86, 84)]) + lisse([(x(-8), -8), (-44, 14), (-60, 8)]) + lisse([(x(226), 226), (44, 206), (62, 190)])))

    def fleur(x0, y0, r, a):
        t = sum((petale(r, r * .92, r * .2).aller(a=72 * i + a) for i in range(5)), Trace()).aller(x0, y0)
        return [('rm4', t.trembler(g)), ('m', rosette(5, 4, r * .36, r * .14).aller(a=a).aller(x0, y0)),
                ('m5', couronne(5, r * .55, a).aller(x0, y0))]
    m += fleur(-96, -146, 54, 10) + fleur(98, 80, 54, -14)
    # mi-close
    m += [('rm4', sum((petale(44, 30, 6).aller(-62, 10, a).trembler(g) for a in (-108, -44, -76)), Trace())),
          ('t', feuille(24, 14).aller(-58, 8, -30) + feuille(24, 14).aller(-58, 12, -120))]
    # bouton
    m += [('rm4', petale(34, 30).aller(60, 194, 40).trembler(g)), ('t', feuille(24, 14).aller(58, 196, 6) + feuille(24, 14).aller(60, 198, 78))]
    return m


def oeillet(g, e=1.0):
    m = [('m7', lisse([(0, 0), (3, 36), (-2, 74)])),
         ('m', feuille(50, 17, .3).aller(1, 62, 48).trembler(g) + feuille(50, 17, -.3).aller(1, 56, -48).trembler(g))]
    for lg, an in ((72, (-50, -25, 0, 25, 50)), (50, (-36, 0, 36))):
        for a in an:
            m.append(('rf5' if lg == 50 else 'mf5', petale(lg, lg * .5, lg * .12).aller(0, 6, a).trembler(g)))
    m.append(('mf4', Trace([M(-13, -14), C(-10, 6, -8, 14, 0, 18), C(8, 14, 10, 6, 13, -14), L(6, -6), L(0, -16), L(-6, -6), Z])))
    return [(p, t.aller(e=e)) for p, t in m]


def palme(g):
    """La grande palme : crête de pétales, filet réservé, cœur de gaude."""
    b = boteh(1.72)
    dents = Trace()
    for (x1, y1), (x2, y2) in zip(le_long(b, 30, -3), le_long(b, 30, 20)):
        if not (x1 > 2 and y1 < -82) and y1 < 40:
            dents += petale(28, 21).aller(x1, y1, math.degrees(math.atan2(x2 - x1, y1 - y2)))
    m = [('m', dents.trembler(g, 1.2)), ('mf5', b.trembler(g)), ('f5', retrait(b, 10, 26)), ('rf5', retrait(b, 25, 24).trembler(g, 1)),
         ('t', rosette(8, 9, 27, 19).aller(0, -16)), ('m18', picots([(0, -16)])),
         ('f', feuille(32, 16, -.2).aller(-6, -58, -8)), ('f8', picots([(-9, -104), (-3, -119), (8, -130)])),
         ('m8', lisse([(0, 42), (-4, 68), (6, 98)])),
         ('m', feuille(64, 25, .3).aller(2, 90, 68).trembler(g) + feuille(64, 25, -.3).aller(2, 82, -68).trembler(g)),
         ('m8', picots([(46, -88), (64, -74), (68, -108)]))]
    return [(p, t.aller(0, 22)) for p, t in m]


def grenade(g):
    m = []
    for s in (-1, 1):
        m.append(('m', feuille(104, 38, .3).aller(0, 92, 46).carte(lambda x, y: (s * x, y)).trembler(g)))
        m.append(('f5', ligne((0, -16), (0, -74)).plier(.3, 104).aller(0, 92, 46).carte(lambda x, y: (s * x, y))))
    m.append(('m8', lisse([(0, 60), (2, 92), (0, 116)])))
    m.append(('t', sum((feuille(48, 24).aller(0, -50, a) for a in (-38, 0, 38)), Trace()).trembler(g)))
    m.append(('mf5', disque(64, g, 68).aller(0, 4)))
    m.append(('f', feuille(116, 80).aller(0, 62).trembler(g)))
    m.append(('r18', picots([(0, -34), (-11, -12), (11, -13), (-20, 10), (0, 9), (20, 11), (-12, 32), (11, 32), (0, 49)])))
    m.append(('f5', sum((lisse([(s * 46, -26), (s * 51, 4), (s * 42, 34)]) + lisse([(s * 58, -14), (s * 60, 4), (s * 56, 20)]) for s in (-1, 1)), Trace())))
    m.append(('t9', picots([(-44, -66), (44, -66), (-66, -44), (66, -44), (-28, -92), (28, -92)])))
    return [(p, t.aller(0, -8, 0, 1.08)) for p, t in m]


def noeud(g):
    """Quatre cœurs qui se tiennent, là où les branches se rejoignent."""
    coeurs = sum((petale(44, 40, 10).aller(a=90 * k + 45) for k in range(4)), Trace())
    return [('f20', picots([(0, 0)])), ('mf6', coeurs.trembler(g)), ('f5', sum((ligne((0, -14), (0, -25)).aller(a=90 * k + 45) for k in range(4)), Trace())),
            ('t18', picots([(0, 0)])), ('t9', picots([(0, -42), (0, 42), (-42, 0), (42, 0)]))]


def pixels(rangs, u, g, e=0.0):
    """Fleur au point compté : '#' motif, 'o' rehaut, 'x' touche."""
    n = max(len(r) for r in rangs)
    parts = {'mf5': Trace(), 'rf5': Trace(), 'tf5': Trace()}
    for j, r in enumerate(rangs):
        for i, ch in enumerate(r):
            if ch != '.':
                x, y = (i - n / 2) * u + g.randint(-1, 1), (j - len(rangs) / 2) * u + g.randint(-1, 1)
                parts[{'#': 'mf5', 'o': 'rf5', 'x': 'tf5'}[ch]] += polygone([(x, y), (x + u, y), (x + u, y + u), (x, y + u)])
    return [(k, t) for k, t in parts.items() if t.cmds]


OEILLET_COMPTE = [
    '....#.#.#....',
    '..#.#####.#..',
    '.###o###o###.',
    '##o##x#x##o##',
    '.##o##x##o##.',
    '#.##x###x##.#',
    '.#.##x#x##.#.',
    '..#..###..#..',
    '......o......',
    '.oo...o...oo.',
    '..oo..o..oo..',
    '...oo.o.oo...',
    '....ooooo....',
    '......o......',
    '......o......']


PETITE_COMPTEE = ['..#..', '.#o#.', '#oxo#', '.#o#.', '..#..']




def raisin(g):
    m = []
    # vrille et sarment
    m.append(('t8', lisse([(-70, -108), (-20, -118), (30, -104), (62, -112)])))
    m.append(('t7', ligne((4, -110), (2, -84))))
    m.append(('t5', lisse([(62, -112), (92, -118), (108, -98), (96, -80), (80, -88), (86, -100)])))
    # feuille de vigne
    bord = []
    for a, r in ((-150, 18), (-128, 50), (-108, 36), (-82, 66), (-56, 42), (-38, 60), (-22, 46), (0, 78), (22, 46), (38, 60), (56, 42), (82, 66), (108, 36), (128, 50), (150, 18)):
        bord.append((r * math.sin(math.radians(a)), -r * math.cos(math.radians(a))))
    f = lisse(bord, True, .7).aller(-78, -80, 200, 1.12).trembler(g)
    m.append(('tf5', f))
    m.append(('f4', sum((ligne((0, 8), (0, -50)).aller(a=a).aller(-78, -80, 200, 1.12) for a in (-80, -38, 0, 38, 80)), Trace())))
    # grains
    gr, rh = [], []
    for j, (n, y) in enumerate(((3, -66), (4, -34), (5, -2), (4, 30), (3, 62), (2, 92), (1, 120))):
        for i in range(n):
            x = (i - (n - 1) / 2) * 38 + (j % 2) * 2 + g.uniform(-2, 2) + 6
            (rh if (i + 2 * j) % 4 == 1 else gr).append((x, y + g.uniform(-2, 2)))
    m.append(('f44', picots(gr + rh)))
    m.append(('m34', picots(gr)))
    m.append(('r34', picots(rh)))
    m.append(('f4', sum((lisse([(x - 9, y - 2), (x - 5, y - 9), (x + 3, y - 10)]) for x, y in gr + rh), Trace())))
    return m


def piece(g):
    """Petite pièce-rosace."""
    return [('m', disque(40, g)), ('f4', disque(31)), ('f', rosette(6, 4, 22, 15)), ('r', disque(6, g)), ('m7', couronne(14, 54))]


def grandir(liste, e):
    return [(p, t.aller(e=e)) for p, t in liste]


def grappe(x, y):
    return picots([(x, y + 12), (x - 9, y - 3), (x + 9, y - 3), (x - 18, y - 18), (x, y - 18), (x + 18, y - 18)])


def frise(slug):
    """Bordure de 24 px : deux rives dentées, une petite suite au milieu (une demi-hauteur vaut 48 unités)."""
    c = TEINTES[slug][1:]
    f, m, r, o, t = c
    g = main_de('frise ' + slug)
    w, h, y = 192, 96, 48
    li = []
    if slug == 'alimentation':
        li = [('m4', lisse([(x, y + 5 * math.sin(x / 192 * 2 * math.pi)) for x in range(0, 193, 24)]))]
        for x in range(12, 192, 32):
            li.append(('m', feuille(34, 15, .15).aller(x, y, 52).trembler(g) + feuille(34, 15, -.15).aller(x + 14, y, 128).trembler(g)))
        li.append(('r', disque(9, g, 7).aller(56, 24, 20) + disque(9, g, 7).aller(152, 72, 20)))
    elif slug == 'emploi-insertion':
        w = 208
        for x in (52, 156):
            li += [('m', sum((petale(30, 17).aller(x + s * 3, y - 3, s * a) for s in (-1, 1) for a in (58, 98)), Trace()).trembler(g, 1)),
                   ('rf3', feuille(38, 22).aller(x, y - 8, 180)), ('f4', ligne((x - 8, y + 5), (x + 8, y + 5)) + ligne((x - 7, y + 14), (x + 7, y + 14))), ('mf3', disque(8).aller(x, y - 12))]
        li += [('o4', sum((polygone([(x + 15 * math.sin(math.radians(60 * k)), y - 15 * math.cos(math.radians(60 * k))) for k in range(6)]) for x in (0, 104, 208)), Trace())),
               ('m9', picots([(x, y) for x in (0, 104, 208)]))]
    elif slug == 'habitat':
        c = (f, r, m, o, t)
        for x in (48, 144):
            li += [('m', polygone([(x - 16, y + 24), (x - 16, y), (x + 16, y), (x + 16, y + 24)]).trembler(g, 1) + polygone([(x - 25, y), (x, y - 24), (x + 25, y)]).trembler(g, 1)),
                   ('f4', ligne((x - 18, y + 1), (x + 18, y + 1))), ('r', Trace([M(x - 6, y + 24), L(x - 6, y + 14), C(x - 6, y + 6, x + 6, y + 6, x + 6, y + 14), L(x + 6, y + 24), Z]))]
        li += [('r', sum((feuille(48, 17).aller(x, y + 24).trembler(g, 1) for x in (0, 96, 192)), Trace())), ('m4', ligne((0, y + 26), (192, y + 26)))]
    elif slug == 'mobilite':
        for x in range(0, 192, 48):
            li.append(('m8', lisse([(x - 20, y + 18), (x + 8, y + 17), (x + 24, y - 2), (x + 16, y - 17), (x + 1, y - 12), (x + 1, y + 1), (x + 9, y + 3)]).trembler(g, 1)))
        li.append(('m8', lisse([(172, y + 18), (192, y + 17.5)])))
        li.append(('r9', picots([(x + 36, y - 14) for x in range(0, 192, 48)])))
    elif slug == 'economie-circulaire':
        for k, x in enumerate((0, 48, 96, 144, 192)):
            b = boteh(.42).aller(x, y + (10 if k % 2 == 0 else -10), 0 if k % 2 == 0 else 180)
            li += [('m', b.trembler(g, .7) if 0 < k < 4 else b)]
            li += [('r11', picots([(x, y + (6 if k % 2 == 0 else -6))]))]
        li.append(('m6', picots([(x, y + s * 22) for x in (24, 120) for s in (-1, 1)] + [(x, y) for x in (24, 72, 120, 168)])))
    elif slug == 'energie-climat':
        for x in (48, 144):
            li += [('m', sum((feuille(20, 10).aller(0, -11).aller(x, y, 36 * k) for k in range(10)), Trace()).trembler(g, .7)), ('r', disque(10, g).aller(x, y))]
        li += [('m', sum((feuille(40, 15).aller(x, y + 20) + feuille(22, 9).aller(x + 15, y + 11) + feuille(22, 9).aller(x - 15, y + 11) for x in (0, 96, 192)), Trace()))]
    elif slug == 'sante-autonomie':
        li = [('m4', ligne((0, y), (192, y)))]
        for x in range(0, 96, 16):
            k = (1 - x / 110)
            li.append(('m', sum((petale(24 * k + 5, 15 * k + 3).aller(x + 8 + d, y, 90 + s * 48) for s in (-1, 1) for d in (0, 96)), Trace()).trembler(g, .8)))
        li.append(('r6', picots([(x + 18 + d, y + s * 6) for x in (0, 16, 32) for s in (-1, 1) for d in (0, 96)])))
    elif slug == 'enfance-jeunesse-education':
        li = [('m5', lisse([(x, y + 15 * math.sin(x / 192 * 2 * math.pi)) for x in range(0, 193, 16)]))]
        li.append(('m', sum((feuille(26, 12).aller(x, y + d, a).trembler(g, .8) for x, d, a in ((18, 8, 30), (78, 8, 150), (112, -9, 150), (172, -9, 30))), Trace())))
        for x, d in ((48, -8), (144, 8)):
            li += [('rm3', sum((petale(19, 18, 4).aller(x, y + d, 72 * k + 10) for k in range(5)), Trace())), ('m7', picots([(x, y + d)]))]
    elif slug == 'culture-patrimoine':
        for k, x in enumerate((0, 48, 96, 144, 192)):
            s = 180 * (k % 2)
            li += [('m', sum((petale(38, 17, 5).aller(0, 18, a) for a in (-44, -22, 0, 22, 44)), Trace()).aller(x, y, s)),
                   ('f3', sum((ligne((0, 6), (0, -18)).aller(0, 18, a) for a in (-33, -11, 11, 33)), Trace()).aller(x, y, s)), ('r', petale(17, 16).aller(0, 22).aller(x, y, s))]
    elif slug == 'lien-social-droits':
        onde = lambda s: lisse([(x, y + s * 17 * math.sin(x / 96 * 2 * math.pi)) for x in range(0, 193, 12)])
        li = [('m7', onde(1)), ('f17', sum((ligne((x - 7, y + 7), (x + 7, y - 7)) for x in (48, 144)), Trace()))]
        seg = lambda a, b, s: lisse([(x, y + s * 17 * math.sin(x / 96 * 2 * math.pi)) for x in range(a, b + 1, 6)])
        li = [('m7', onde(1)), ('f16', seg(36, 60, -1) + seg(132, 156, -1)), ('m7', onde(-1)), ('f16', seg(84, 108, 1)), ('m7', seg(78, 114, 1)),
              ('f16', seg(0, 12, 1) + seg(180, 192, 1)), ('m7', seg(0, 18, 1) + seg(174, 192, 1)), ('r13', picots([(24, y), (72, y), (120, y), (168, y)]))]
    elif slug == 'numerique':
        u, carr = 12, {'m': Trace(), 'r': Trace()}
        for i, j, k in [(i, j, 'm') for i, j in ((0, 4), (1, 4), (2, 4), (3, 4), (3, 3), (3, 2), (3, 1), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (7, 1), (7, 2), (7, 3))] + [(5, 2, 'r'), (5, 3, 'r'), (5, 4, 'r'), (1, 0, 'r'), (1, 1, 'r'), (1, 2, 'r')]:
            for d in (0, 96):
                x0, y0 = i * u + d + 1, y - 30 + j * u + 1
                carr[k] += polygone([(x0, y0), (x0 + 10, y0), (x0 + 10, y0 + 10), (x0, y0 + 10)])
        li = list(carr.items())
    elif slug == 'economie-locale-cooperation':
        li = [('m17', grappe(48, y) + grappe(144, y)), ('r17', picots([(57, y - 3), (126, y - 18)])), ('m4', lisse([(30, y - 28), (48, y - 24), (66, y - 29)]) + lisse([(126, y - 28), (144, y - 24), (162, y - 29)])),
              ('m4', sum((disque(17).aller(x, y) for x in (0, 96, 192)), Trace())), ('m', sum((rosette(6, 3, 10, 7).aller(x, y) for x in (0, 96, 192)), Trace()))]
    elif slug == 'neutre':
        for x in (0, 96, 192):
            li += [('m', rosette(4, 4, 26, 15, feuille).aller(x, y))]
            li += [('m8', picots([(x, y)]))]
        for x in (48, 144):
            li += [('t', rosette(4, 3, 15, 10, feuille, 45).aller(x, y).trembler(g, .7)), ('m6', couronne(4, 19).aller(x, y))]
    pas = w / round(w / 12)
    n = round(w / pas)
    dents = Trace([M(0, 0), L(w, 0), L(w, 6)] + [L(w - pas * (k + .5) if b else w - pas * (k + 1), 13 if b else 6) for k in range(n) for b in (1, 0)] + [Z])
    rive = [('m', dents + dents.carte(lambda x, q: (x, h - q)))]
    return svg(w, h, f'<path fill="{f}" d="M0 0h{w}v{h}H0z"/>' + couches(li + rive, c))


# ---------------------------------------------------------------- les douze tissus

QUINCONCE = lambda w, h, a=0, miroir=True: [(w / 4, h / 4, a, False), (w * 3 / 4, h * 3 / 4, -a if miroir else a, miroir)]
VIDES = lambda w, h, a=0: [(w * 3 / 4, h / 4, a, False), (w / 4, h * 3 / 4, -a, True)]


def filets(w, h, pw, ph, d, couleur, larg=4):
    """Fond de filets répétés (ondes, écailles)."""
    return (f'<pattern id="p" width="{pw}" height="{ph}" patternUnits="userSpaceOnUse"><path fill="none" stroke="{couleur}" '
            f'stroke-width="{larg}" d="{d}"/></pattern><path fill="url(#p)" d="M0 0h{w}v{h}H0z"/>')


def tissu(slug):
    c = TEINTES[slug][1:]
    g = main_de(slug)
    f, m, r, o, t = c
    w = h = 480
    if slug == 'alimentation':
        return raccord(w, h, c, [(grandir(artichaut(g), 1.1), QUINCONCE(w, h, 6)), (grandir(rameau_olive(g), 1.25), VIDES(w, h, 24))], semis(w, h, 40, 40, o, 7))
    if slug == 'emploi-insertion':
        w, h = 312, 540
        haut, bas = (0, -180), (0, 180)
        cotes = [((0, -180), (156, -90)), ((156, -90), (156, 90)), ((156, 90), (0, 180))]
        rayon = [(a[0] + (b[0] - a[0]) * k / 8, a[1] + (b[1] - a[1]) * k / 8) for a, b in cotes for k in range(2, 7)]
        a, b = (78, 135), (234, 405)
        fleurs = [(78, 315, 0, False), (234, 45, 0, True), (78, 495, 30, False), (234, 225, 30, False)]
        return raccord(w, h, c, [([('o12', picots(rayon))], [(*a, 0, False), (*b, 0, False)]), (abeille(g), [(*a, 14, False), (*b, -14, True)]),
                                 (thym(g), fleurs)])
    if slug == 'habitat':
        d = 'M0 0C0 40 60 40 60 0M-30 30C-30 70 30 70 30 30C30 70 90 70 90 30M-30-30C-30 10 30 10 30-30C30 10 90 10 90-30'
        return raccord(w, h, (f, r, m, o, t), [(maison(g), QUINCONCE(w, h)), (clef(g), VIDES(w, h, 20))], filets(w, h, 60, 60, d, o))
    if slug == 'mobilite':
        d = 'M0 10C15 0 25 0 40 10S65 20 80 10M0 34C15 24 25 24 40 34S65 44 80 34'
        return raccord(w, h, c, [(hirondelle(g), QUINCONCE(w, h, 34)), (roue(g), VIDES(w, h))], filets(w, h, 80, 48, d, o))
    if slug == 'economie-circulaire':
        return raccord(w, h, c, [(tournoi_botehs(g), QUINCONCE(w, h, 10)), (pousse(g), VIDES(w, h, 10))], semis(w, h, 40, 40, o, 7))
    if slug == 'energie-climat':
        return raccord(w, h, c, [(soleil(g), QUINCONCE(w, h, 0, False)), (goutte(g), VIDES(w, h))], semis(w, h, 30, 30, o, 6))
    if slug == 'sante-autonomie':
        d = ''.join(f'M{x - 15} 0v480M{x + 15} 0v480' for x in (0, 240, 480))
        rayure = (semis(w, h, 40, 40, o, 6) + f'<path stroke="{f}" stroke-width="30" d="M0 0v480M240 0v480M480 0v480"/><path stroke="{m}" stroke-width="4" d="{d}"/>'
                  f'<path stroke="{r}" stroke-width="12" stroke-dasharray="0 30" d="M0 15v480M240 0v480M480 15v480"/>')
        return raccord(w, h, c, [(lavande(g), [(120, 110, 0, False), (360, 350, 0, True)]), (thym(g), [(360, 110, 0, False), (120, 350, 0, False)])], rayure)
    if slug == 'enfance-jeunesse-education':
        return raccord(w, h, c, [(amandier(g), [(120, 120, 0, False), (360, 360, 0, True)])], semis(w, h, 40, 40, o, 7))
    if slug == 'culture-patrimoine':
        return raccord(w, h, c, [(palme(g), QUINCONCE(w, h, 8)), (oeillet(g, .95), VIDES(w, h, 10))], semis(w, h, 40, 40, o, 7))
    if slug == 'lien-social-droits':
        brin = [Trace([M(120, -120), C(120, 20, 360, -20, 360, 120)]), Trace([M(360, 120), C(360, 260, 120, 220, 120, 360)])]
        brin += [t.carte(lambda x, y: (240 - x, y)) for t in brin]
        feuilles = Trace()
        for t in brin:
            pts = t.points(24)[0]
            for k, s in ((5, 1), (8, -1), (11, 1), (14, -1), (17, 1)):
                (x1, y1), (x2, y2) = pts[k], pts[k + 1]
                feuilles += feuille(34, 17).aller(x1, y1, math.degrees(math.atan2(x2 - x1, y1 - y2)) + s * 50)
        return raccord(w, h, c, [([('o7', sum(brin, Trace())), ('o', feuilles)], [(0, 0, 0, False)]), (grenade(g), [(120, 120, 0, False), (360, 360, 0, False)]),
                                 (noeud(g), [(360, 120, 0, False), (120, 360, 0, False)])])
    if slug == 'numerique':
        toile = (f'<pattern id="p" width="40" height="40" patternUnits="userSpaceOnUse"><path fill="{o}" d="M6 7h8v7h-8zM26 26h7v8h-7z"/></pattern>'
                 f'<path fill="url(#p)" d="M0 0h{w}v{h}H0z"/>')
        return raccord(w, h, c, [(pixels(OEILLET_COMPTE, 20, g), [(130, 130, 0, False), (370, 370, 0, False)]),
                                 (pixels(PETITE_COMPTEE, 20, g), [(370, 130, 0, False), (130, 370, 0, False)])], toile)
    if slug == 'economie-locale-cooperation':
        return raccord(w, h, c, [(raisin(g), QUINCONCE(w, h, 0)), (piece(g), VIDES(w, h))], semis(w, h, 40, 40, o, 7))
    if slug == 'neutre':
        return raccord(w, h, c, [(quatre_feuilles(g), QUINCONCE(w, h, 0, False)), (branchette(g), VIDES(w, h, 16))], semis(w, h, 40, 40, o, 7))
    raise KeyError(slug)


def quatre_feuilles(g):
    """La fleur de l'emblème, celle de toute la région : quatre feuilles en croix, quatre pétales entre elles."""
    m = [('t', rosette(4, 20, 96, 58, petale, 45, creux=14).trembler(g)),
         ('f5', sum((ligne((0, -34), (0, -84)).aller(a=45 + 90 * k) for k in range(4)), Trace()))]
    m += [('mf5', feuille(132, 58).aller(0, -8).aller(a=90 * k).trembler(g)) for k in range(4)]
    veines = Trace()
    for k in range(4):
        veine = ligne((0, -36), (0, -112))
        for y in (-58, -78, -96):
            for s in (-1, 1):
                veine += ligne((0, y), (s * (20 + (y + 96) * .12), y - 14))
        veines += veine.aller(a=90 * k)
    m += [('f4', veines), ('rf5', disque(27, g)), ('m', rosette(8, 5, 15, 9)), ('r7', picots([(0, 0)]))]
    m.append(('m9', couronne(4, 152) + couronne(4, 120, 45)))
    m.append(('r8', sum((picots([(-11, -118), (11, -118)]).aller(a=45 + 90 * k) for k in range(4)), Trace())))
    return m


def branchette(g):
    """Petit brin à deux paires de feuilles, posé dans les vides."""
    m = [('m6', lisse([(-3, 58), (3, 16), (-3, -26)]))]
    for y, lg in ((40, 44), (8, 38)):
        m.append(('m', sum((feuille(lg, 19, .14).aller(0, y, 54).carte(lambda x, q: (s * x, q)) for s in (-1, 1)), Trace()).trembler(g)))
    m.append(('t', sum((petale(34, 20).aller(-2, -22, a) for a in (-38, 0, 38)), Trace()).trembler(g)))
    m.append(('r9', picots([(-26, -42), (24, -44), (-2, -66)])))
    return m


def thym(g):
    return [('m', rosette(6, 6, 26, 20).trembler(g)), ('r', disque(7, g)), ('m7', couronne(6, 40, 30))]


def main():
    ici = Path(__file__).resolve().parent
    sortie = Path(sys.argv[1]) if len(sys.argv) > 1 else ici.parents[1] / 'static/img'
    sortie.mkdir(parents=True, exist_ok=True)
    (ici / 'palette.json').write_text(json.dumps(palette(), ensure_ascii=False, indent=1) + '\n', 'utf-8')
    for slug in TEINTES:
        (sortie / f'indienne-{slug}.svg').write_text(tissu(slug), 'utf-8')
        (sortie / f'indienne-{slug}-frise.svg').write_text(frise(slug), 'utf-8')
    ornements.ecrire(sortie, ACCENT, PAPIER, TEINTES['culture-patrimoine'][3], ENCRE)


if __name__ == '__main__':
    main()
