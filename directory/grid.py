"""From the Ordnance Survey's National Grid (OSGB36, metres east and north) to latitude and longitude (WGS84), within five metres.

The formulas are those of Ordnance Survey's "A guide to coordinate systems in Great Britain", annexes B and C.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

# Airy 1830, and the grid that is drawn on it.
_A, _B = 6377563.396, 6356256.909
_SCALE, _LATITUDE_0, _LONGITUDE_0, _NORTH_0, _EAST_0 = 0.9996012717, radians(49), radians(-2), -100000.0, 400000.0
_E2, _N = 1 - (_B * _B) / (_A * _A), (_A - _B) / (_A + _B)
# WGS84, and the way there from Airy's: metres, parts, and turns about three axes.
_A84, _B84 = 6378137.0, 6356752.314245
_SHIFT, _MORE = (446.448, -125.157, 542.06), 1 - 20.4894e-6
_TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.247, 0.8421))


def latitude_longitude(east: float, north: float) -> tuple[float, float]:
    """Degrees from metres.

    >>> [round(value, 5) for value in latitude_longitude(529090, 179645)]
    [51.50101, -0.14159]
    """
    latitude, longitude = _on_airy(east, north)
    return _to_wgs84(latitude, longitude)


def _meridian(latitude: float) -> float:
    """Metres along the meridian from the grid's true origin."""
    less, more = latitude - _LATITUDE_0, latitude + _LATITUDE_0
    n, n2, n3 = _N, _N**2, _N**3
    return (
        _B
        * _SCALE
        * (
            (1 + n + 5 / 4 * n2 + 5 / 4 * n3) * less
            - (3 * n + 3 * n2 + 21 / 8 * n3) * sin(less) * cos(more)
            + (15 / 8 * n2 + 15 / 8 * n3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n3 * sin(3 * less) * cos(3 * more)
        )
    )


def _on_airy(east: float, north: float) -> tuple[float, float]:
    latitude = _LATITUDE_0
    while abs(rest := north - _NORTH_0 - _meridian(latitude)) > 0.00001:
        latitude += rest / (_A * _SCALE)
    squared = 1 - _E2 * sin(latitude) ** 2
    nu = _A * _SCALE / sqrt(squared)
    rho = _A * _SCALE * (1 - _E2) / squared**1.5
    eta = nu / rho - 1
    t, secant, x = tan(latitude), 1 / cos(latitude), east - _EAST_0
    found = latitude - x**2 * t / (2 * rho * nu)
    found += x**4 * t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta - 9 * t**2 * eta)
    found -= x**6 * t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    longitude = _LONGITUDE_0 + x * secant / nu
    longitude -= x**3 * secant / (6 * nu**3) * (nu / rho + 2 * t**2)
    longitude += x**5 * secant / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    longitude -= x**7 * secant / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    return found, longitude


def _to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    nu = _A / sqrt(1 - _E2 * sin(latitude) ** 2)
    x, y, z = nu * cos(latitude) * cos(longitude), nu * cos(latitude) * sin(longitude), nu * (1 - _E2) * sin(latitude)
    (dx, dy, dz), (rx, ry, rz) = _SHIFT, _TURN
    x, y, z = (
        dx + x * _MORE - y * rz + z * ry,
        dy + x * rz + y * _MORE - z * rx,
        dz - x * ry + y * rx + z * _MORE,
    )
    e2, flat = 1 - (_B84 * _B84) / (_A84 * _A84), hypot(x, y)
    found = atan2(z, flat * (1 - e2))
    for _turn in range(6):
        found = atan2(z + e2 * _A84 / sqrt(1 - e2 * sin(found) ** 2) * sin(found), flat)
    return degrees(found), degrees(atan2(y, x))
