"""A recording is kept bit for bit in a new wrapper: a minute at most, no place, no time, no cover, no second film."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import pytest
from PIL import Image

from plumbing.files import Refused
from plumbing.files.cleaning import clean
from tests.plumbing.files.samples import CANARY, PLACE, TAGS, picture, recording, saved

# How it was sent; what it is kept as.
GOOD = (
    (("mp4", "libx264", "aac"), "video", "video/mp4", "mp4"),
    (("mov", "libx264", "aac"), "video", "video/mp4", "mp4"),
    (("mov", "libx265", ""), "video", "video/mp4", "mp4"),
    (("webm", "libvpx", "libopus"), "video", "video/webm", "webm"),
    (("webm", "libvpx-vp9", ""), "video", "video/webm", "webm"),
    (("matroska", "libx264", "libopus"), "video", "video/mp4", "mp4"),
    (("mp4", "", "aac"), "sound", "audio/mp4", "m4a"),
    (("mp3", "", "libmp3lame"), "sound", "audio/mpeg", "mp3"),
    (("ogg", "", "libopus"), "sound", "audio/ogg", "ogg"),
    (("ogg", "", "vorbis"), "sound", "audio/ogg", "ogg"),
    (("webm", "", "libopus"), "sound", "audio/webm", "webm"),
    (("webm", "", "vorbis"), "sound", "audio/ogg", "ogg"),
    (("wav", "", "pcm_s16le"), "sound", "audio/wav", "wav"),
)


def _refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(data)
    return refused.value.reason


def _decoded(data: bytes) -> list[tuple[str, int]]:
    """Each stream's codec, and how many frames come out of it."""
    counts = []
    with av.open(io.BytesIO(data)) as source:
        for stream in source.streams:
            counts.append((stream.codec_context.codec.canonical_name, sum(1 for _ in source.decode(stream))))
            source.seek(0)
    return counts


@pytest.mark.parametrize(("how", "kind", "mimetype", "extension"), GOOD, ids=["-".join(filter(None, row[0])) for row in GOOD])
def test_a_recording_is_kept_as_it_is_without_what_it_tells(how, kind, mimetype, extension):
    sent = recording(*how)
    kept = clean(sent)
    assert CANARY.encode() in sent
    assert (kept.kind, kept.mimetype, kept.extension, kept.seconds) == (kind, mimetype, extension, pytest.approx(2, abs=0.1))
    assert _decoded(kept.original) == _decoded(sent)
    with av.open(io.BytesIO(kept.original)) as source:
        assert not {*TAGS, "creation_time"} & {key.lower() for key in source.metadata}
        # The one name that a WebM must have, without its version.
        assert source.metadata.get("encoder", "Lavf") == "Lavf"
        assert not any({"title", "creation_time"} & set(stream.metadata) for stream in source.streams)
    assert CANARY.encode() not in kept.original
    assert PLACE not in kept.original
    assert len(kept.pages) == (kind == "video")
    if kept.pages:
        assert Image.open(io.BytesIO(kept.pages[0].jpeg)).size == (160, 120)


@pytest.mark.parametrize("flags", ["use_metadata_tags", ""])
def test_the_place_of_a_telephones_film_is_gone_in_both_ways_they_write_it(flags):
    sent = recording("mov", "libx264", "aac", **({"movflags": flags} if flags else {}))
    assert PLACE in sent
    assert PLACE not in clean(sent).original


def test_what_a_camera_writes_between_the_pictures_is_gone():
    """The encoder's own settings stand in the place where some cameras write the date and the place."""
    sent = recording("mp4", "libx264", "aac")
    assert b"x264" in sent
    assert b"x264" not in clean(sent).original


def test_a_minute_is_kept_and_more_is_not():
    assert clean(recording("mp3", "", "libmp3lame", seconds=61.5)).seconds == pytest.approx(61.5, abs=0.3)
    for how in (("mp3", "", "libmp3lame"), ("mp4", "libx264", "aac"), ("webm", "", "libopus"), ("wav", "", "pcm_s16le")):
        assert _refusal(recording(*how, seconds=64)) == "too_long"


def test_a_film_that_says_it_is_short_is_measured_all_the_same():
    sent = bytearray(recording("mp4", "", "aac", seconds=64))
    for box in (b"mvhd", b"mdhd"):
        place = sent.index(box) + 20
        sent[place : place + 4] = (1).to_bytes(4)
    assert _refusal(bytes(sent)) == "too_long"


@pytest.mark.parametrize(
    ("how", "part"), [(("mp4", "libx264", "aac"), 0.9), (("mov", "libx264", "aac"), 0.5), (("webm", "libvpx", "libopus"), 0.01)]
)
def test_a_recording_that_is_cut_off_is_refused(how, part):
    sent = recording(*how)
    assert _refusal(sent[: int(len(sent) * part)]) == "recording_damaged"


def test_a_film_that_is_cut_off_behind_its_table_is_refused():
    sent = recording("mp4", "libx264", "aac", seconds=10, movflags="frag_keyframe+empty_moov")
    whole = clean(sent)
    assert whole.seconds == pytest.approx(10, abs=0.2)
    front = recording("mp4", "libx264", "aac", seconds=10, moov_size="20000")
    assert front.index(b"moov") < front.index(b"mdat")
    assert clean(front).seconds == pytest.approx(10, abs=0.2)
    assert _refusal(front[: front.index(b"mdat") + (len(front) - front.index(b"mdat")) // 2]) == "recording_damaged"


@pytest.mark.parametrize(
    "begin",
    [
        b"ID3\x04\x00\x00\x00\x00\x00\x00",
        b"OggS\x00\x02",
        b"\x1aE\xdf\xa3",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"\x00\x00\x00\x18ftypisom",
    ],
)
def test_a_recording_that_is_none_is_refused(begin):
    assert _refusal(begin + b"\x55" * 3000) == "recording_damaged"


@pytest.mark.parametrize("how", [("mp4", "mpeg4", "aac"), ("mov", "mpeg4", ""), ("mov", "libx264", "pcm_s16le")])
def test_what_browsers_do_not_play_is_refused_by_its_kind(how):
    assert _refusal(recording(*how)) == "kind"


def test_one_film_and_one_sound_are_kept_and_a_cover_is_not():
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target, av.open(io.BytesIO(recording("mp4", "libx264", "aac"))) as source:
        copies = [(stream, target.add_stream_from_template(stream)) for stream in (*source.streams, *source.streams)]
        for packet in list(source.demux()):
            if packet.size:
                packet.stream = copies[packet.stream_index][1]
                target.mux_one(packet)
    assert [codec for codec, _ in _decoded(clean(out.getvalue()).original)] == ["h264", "aac"]


def test_a_sound_with_a_cover_is_a_sound():
    out = io.BytesIO()
    cover = saved(picture(), "JPEG", comment=CANARY.encode())
    with av.open(out, "w", format="mp3") as target, av.open(io.BytesIO(recording("mp3", "", "libmp3lame"))) as source:
        sound = target.add_stream_from_template(source.streams[0])
        film = target.add_stream("mjpeg", rate=1)
        film.width, film.height, film.pix_fmt = 400, 300, "yuvj420p"
        film.disposition = av.stream.Disposition.attached_pic
        packet = av.Packet(cover)
        packet.stream, packet.pts, packet.dts, packet.time_base = film, 0, 0, Fraction(1, 1)
        for sounding in source.demux():
            if sounding.size:
                sounding.stream = sound
                target.mux_one(sounding)
        target.mux_one(packet)
    assert CANARY.encode() in out.getvalue()
    kept = clean(out.getvalue())
    assert (kept.kind, kept.pages) == ("sound", ())
    assert CANARY.encode() not in kept.original


def test_a_film_held_upright_has_an_upright_picture_and_stays_so():
    sent = bytearray(recording("mp4", "libx264", ""))
    matrix = sent.index(b"tkhd") + 44
    turned = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
    sent[matrix : matrix + 36] = b"".join(number.to_bytes(4, signed=True) for number in turned)
    kept = clean(bytes(sent))
    assert (kept.pages[0].width, kept.pages[0].height) == (120, 160)
    with av.open(io.BytesIO(bytes(sent))) as before, av.open(io.BytesIO(kept.original)) as after:
        assert next(before.decode()).rotation == next(after.decode()).rotation != 0
