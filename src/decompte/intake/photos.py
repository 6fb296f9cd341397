"""Makes a page of a photo: the sheet found and flattened, the lines levelled; or says why not.

Works on arrays in grey or BGR, 8 bits a channel; used in the fenced child only.
"""

from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Corners = np.ndarray[Any, np.dtype[np.float32]]
Ink = np.ndarray[Any, np.dtype[np.bool_]]
FOUR, GREY = 4, 2
PAGE = (1240, 1754)
SMALLEST = 480
JUDGED_WIDTH = 1000
DARKEST = 70
LEAST_INK = 0.0004
# Strength of edges under which printed text can no longer be read, measured on blurred pages.
LEAST_SHARPNESS = 11.0
SHEET_LEAST, SHEET_MOST = 0.25, 0.97
STEEPEST, STEP, LEAST_TILT = 12.0, 0.5, 0.4
INK_CONTRAST = 25
LEAST_GROUND = 15


def page(photo: Picture) -> Picture:
    """Return the sheet of paper in a photo, flattened and level, at most A4 at 150 dots an inch.

    A photo without a sheet that stands out is taken whole.
    """
    corners = _sheet(photo)
    flat = photo if corners is None else _flattened(photo, corners)
    return _fitted(level(flat))


def fault(photo: Picture) -> str | None:
    """Return what keeps a photo from being read: small, dark, blank or blurred; or None."""
    grey = _grey(photo)
    if min(grey.shape) < SMALLEST:
        return "small"
    grey = _width(grey, JUDGED_WIDTH)
    if float(np.percentile(grey, 95)) < DARKEST:
        return "dark"
    ink = _ink(grey)
    if float(ink.mean()) < LEAST_INK:
        return "blank"
    return "blurred" if _sharpness(grey, ink) < LEAST_SHARPNESS else None


def within(picture: Picture, side: int) -> Picture:
    """Return a picture whose longer side is at most so many pixels."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return np.ascontiguousarray(picture)
    size = (round(width * scale), round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def is_blank(picture: Picture) -> bool:
    """Return whether nothing is written on a page."""
    return float(_ink(_width(_grey(picture), JUDGED_WIDTH)).mean()) < LEAST_INK


def level(picture: Picture) -> Picture:
    """Return a page whose lines of text are level; a tilt up to 12 degrees is taken away."""
    angle = _tilt(_grey(picture))
    if abs(angle) < LEAST_TILT:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.uint8)


def _sheet(photo: Picture) -> Corners | None:
    """Return the four corners of the sheet, clockwise from the top left, or None."""
    small = _width(_grey(photo), 500)
    scale = photo.shape[1] / small.shape[1]
    edges = cv2.Canny(cv2.GaussianBlur(small, (5, 5), 0), 50, 150)
    closed = cv2.dilate(edges, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    whole = small.shape[0] * small.shape[1]
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:3]:
        corners = cv2.approxPolyDP(outline, 0.02 * cv2.arcLength(outline, closed=True), closed=True)
        share = cv2.contourArea(corners) / whole
        is_sheet = len(corners) == FOUR and cv2.isContourConvex(corners)
        if is_sheet and SHEET_LEAST < share < SHEET_MOST and _stands_out(small, corners):
            return _clockwise(np.asarray(corners.reshape(4, 2) * scale, np.float32))
    return None


def _stands_out(grey: Picture, corners: cv2.typing.MatLike) -> bool:
    """Return whether the corners lie on a darker ground, not on more of the same paper."""
    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillPoly(inside, [corners], 255)
    paper, ground = np.median(grey[inside > 0]), np.median(grey[inside == 0])
    return float(paper) - float(ground) > LEAST_GROUND


def _clockwise(corners: Corners) -> Corners:
    total, difference = corners.sum(axis=1), np.diff(corners, axis=1).reshape(4)
    order = (total.argmin(), difference.argmin(), total.argmax(), difference.argmax())
    return np.array([corners[place] for place in order], np.float32)


def _flattened(photo: Picture, corners: Corners) -> Picture:
    top, right, bottom, left = corners
    width = int(max(np.linalg.norm(right - top), np.linalg.norm(bottom - left)))
    height = int(max(np.linalg.norm(left - top), np.linalg.norm(bottom - right)))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    return np.asarray(cv2.warpPerspective(photo, turn, (width, height)), np.uint8)


def _fitted(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    short, long = sorted(PAGE)
    scale = min(short / min(height, width), long / max(height, width))
    return within(picture, round(max(height, width) * scale))


def _tilt(grey: Picture) -> float:
    """Return by how many degrees the lines are to be turned to be level."""
    small = _width(grey, 400)
    ink = _ink(small).astype(np.float32)
    if not ink.any():
        return 0.0
    height, width = ink.shape

    def evenness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(ink, turn, (width, height)).sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    angles = np.arange(-STEEPEST, STEEPEST + STEP, STEP)
    found = [evenness(float(angle)) for angle in angles]
    best = float(angles[int(np.argmax(found))])
    return best if max(found) > 1.05 * evenness(0.0) else 0.0


def _sharpness(grey: Picture, ink: Ink) -> float:
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    near = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return float(np.percentile(edges[near], 90))


def _ink(grey: Picture) -> Ink:
    around = cv2.blur(grey, (31, 31))
    return np.asarray((around.astype(np.int16) - grey) > INK_CONTRAST, np.bool_)


def _grey(picture: Picture) -> Picture:
    if picture.ndim == GREY:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _width(picture: Picture, width: int) -> Picture:
    height = max(round(picture.shape[0] * width / picture.shape[1]), 1)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
