"""The relief of Provence-Alpes-Côte d’Azur, as on old maps: hills placed by hand, massif by massif."""

from initiatives.geo import path_data

# Hills: longitude, latitude, height in drawing units.
MASSIFS = {
    "Ventoux": [(5.15, 44.165, 7), (5.22, 44.17, 10), (5.285, 44.175, 14), (5.35, 44.17, 9)],
    "Lure": [(5.68, 44.11, 8), (5.76, 44.12, 10), (5.84, 44.125, 8)],
    "Luberon": [(5.17, 43.82, 7), (5.27, 43.815, 8), (5.38, 43.815, 7), (5.47, 43.81, 10), (5.56, 43.815, 7)],
    "Alpilles": [(4.74, 43.755, 6), (4.82, 43.75, 7), (4.90, 43.745, 6)],
    "Sainte-Victoire": [(5.54, 43.535, 7), (5.61, 43.53, 10), (5.68, 43.53, 6)],
    "Sainte-Baume": [(5.70, 43.33, 7), (5.77, 43.33, 9), (5.84, 43.33, 6)],
    "Maures": [(6.22, 43.23, 6), (6.32, 43.27, 8), (6.43, 43.29, 8), (6.52, 43.27, 6)],
    "Estérel": [(6.82, 43.49, 7), (6.88, 43.47, 6)],
    "Baronnies, Bochaine": [(5.62, 44.42, 7), (5.72, 44.36, 8), (5.66, 44.30, 7)],
    "Dévoluy": [(5.86, 44.66, 9), (5.94, 44.70, 12), (5.92, 44.61, 9)],
    "Écrins": [
        (6.20, 44.76, 11),
        (6.30, 44.83, 14),
        (6.40, 44.90, 17),
        (6.24, 44.88, 12),
        (6.44, 44.80, 13),
        (6.34, 44.72, 11),
    ],
    "Galibier, Thabor": [(6.50, 45.02, 13), (6.62, 45.03, 11)],
    "Queyras": [(6.86, 44.73, 12), (6.93, 44.66, 12), (6.78, 44.68, 11)],
    "Parpaillon": [(6.62, 44.47, 10), (6.74, 44.50, 12), (6.86, 44.54, 12)],
    "Pelat": [(6.68, 44.27, 11), (6.80, 44.25, 13), (6.90, 44.33, 12)],
    "Trois-Évêchés": [(6.42, 44.22, 10), (6.44, 44.30, 11), (6.34, 44.30, 9)],
    "Mercantour": [(7.05, 44.20, 12), (7.18, 44.17, 13), (7.30, 44.13, 14), (7.42, 44.10, 12)],
    "Castellane, Cheiron": [
        (6.42, 43.90, 8),
        (6.56, 43.86, 9),
        (6.70, 43.83, 9),
        (6.86, 43.82, 9),
        (6.98, 43.81, 10),
    ],
    "Verdon": [(6.22, 43.79, 7), (6.32, 43.75, 8), (6.42, 43.72, 7)],
    "Monts de Vaucluse": [(5.16, 43.97, 6), (5.27, 43.99, 7), (5.38, 44.00, 7)],
    "Préalpes de Nice": [(7.20, 43.93, 9), (7.32, 43.94, 9)],
}

GROWTH = 1.05


def hills(plate):
    """Path data of the hills that the plate shows, from north to south, so that the nearer ones cover the others."""
    ranges = sorted(MASSIFS.values(), key=lambda hills: -hills[0][1])
    points = [hill for massif in ranges for hill in sorted(massif, key=lambda hill: -hill[2])]
    placed = [(*plate.frame(longitude, latitude), height * GROWTH) for longitude, latitude, height in points]
    return path_data([command for x, y, height in placed if plate.shows(x, y, -20) for command in _hill(x, y, height)])


def _hill(x, y, height):
    """A hill of an old map: a light back, a hatched flank in the shade."""
    half = height * 0.95
    yield "M", [(x - half, y)]
    yield "C", [(x - half * 0.5, y - height * 0.25), (x - half * 0.35, y - height), (x, y - height)]
    yield "C", [(x + half * 0.3, y - height * 0.98), (x + half * 0.45, y - height * 0.3), (x + half, y)]
    hatches = 3 if height < 9 else 4 if height < 12 else 5
    for share in (number / hatches for number in range(hatches)):
        top = x + half * (0.1 + 0.62 * share), y - height * (0.94 - 0.72 * share)
        yield "M", [top]
        yield "L", [(top[0] - half * 0.16 + half * 0.12 * share, top[1] + height * (0.62 - 0.38 * share))]
