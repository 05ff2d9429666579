"""Sounds and short films: the same recording, bit for bit, in a new wrapper that knows nothing of where and when."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from plumbing.files.facts import MOST_SECONDS, Cleaned, Picture, Refused
from plumbing.files.photo import picture_of

_GRACE_SECONDS = 2
_SECONDS_THAT_MAY_BE_MISSING = 1
_MOST_PIXELS = 36_000_000

_READERS = {"mp4": "mov", "matroska": "matroska", "mp3": "mp3", "ogg": "ogg", "wav": "wav"}
# What browsers play: how each format is written, and the codecs it may hold. The first that takes a recording is used.
_FILMS = {
    "webm": ("webm", {"vp8", "vp9", "av1"}, {"opus"}),
    "mp4": ("mp4", {"h264", "hevc", "av1", "vp9"}, {"aac", "mp3", "opus"}),
}
_SOUNDS = {
    "mp3": ("mp3", {"mp3"}),
    "m4a": ("mp4", {"aac"}),
    "ogg": ("ogg", {"opus", "vorbis"}),
    "wav": ("wav", {"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}),
}
_WRITERS = {name: known[0] for name, known in (_FILMS | _SOUNDS).items()} | {"weba": "webm"}
_WRAPPED_LIKE = {"m4a": "mp4", "webm": "matroska", "weba": "matroska"}
# What says at its beginning how long it is. Of the others what has arrived is kept.
_SAY_THEIR_LENGTH = ("mp4", "matroska")
# No name of a program, no tags behind or before the sound.
_BARE = {"fflags": "+bitexact"}
_BARE_MP3 = {"id3v2_version": "0", "write_id3v1": "0"}
# Some cameras write time and place between the pictures ("supplemental enhancement information"); players do without it.
_REMARKS = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}


def clean(data: bytes, file_format: str) -> Cleaned:
    """At most a minute of sound, or of film with or without sound.

    Raises Refused where it is longer, cut off, or kept in a way that browsers do not play.
    """
    with av.open(io.BytesIO(data), "r", format=_READERS[file_format], metadata_errors="ignore") as source:
        film, sound = _chosen(source)
        kept_as = _format_for(film, sound, file_format)
        said_seconds = (source.duration or 0) / av.time_base if file_format in _SAY_THEIR_LENGTH else 0
        if said_seconds > MOST_SECONDS + _GRACE_SECONDS:
            raise Refused("too_long")
        recording, seconds = _wrapped_anew(source, [stream for stream in (film, sound) if stream], kept_as)
    if seconds < said_seconds - _SECONDS_THAT_MAY_BE_MISSING:
        raise Refused("recording_damaged")
    return Cleaned(kept_as, recording, _looked_at(recording, kept_as), round(seconds, 1))


def _chosen(source: InputContainer) -> tuple[VideoStream | None, AudioStream | None]:
    """One film, one sound. Covers, subtitles, chapters and the tracks of data where telephones note the place are left behind."""
    films = [stream for stream in source.streams.video if not stream.disposition & Disposition.attached_pic]
    film = films[0] if films else None
    if film and film.codec_context.width * film.codec_context.height > _MOST_PIXELS:
        raise Refused("too_large")
    return film, source.streams.audio[0] if source.streams.audio else None


def _format_for(film: VideoStream | None, sound: AudioStream | None, file_format: str) -> str:
    film_codec = film.codec_context.codec.canonical_name if film else ""
    sound_codec = sound.codec_context.codec.canonical_name if sound else ""
    if film:
        for name, (_, films, sounds) in _FILMS.items():
            # A sound that the film's format cannot hold is no reason to lose the sound: the whole is refused.
            if film_codec in films and (not sound or sound_codec in sounds) and (name != "webm" or file_format == "matroska"):
                return name
    elif file_format == "matroska" and sound_codec == "opus":
        return "weba"
    else:
        for name, (_, sounds) in _SOUNDS.items():
            if sound_codec in sounds:
                return name
    raise Refused("kind" if film or sound else "recording_damaged")


def _wrapped_anew(source: InputContainer, streams: list[VideoStream | AudioStream], kept_as: str) -> tuple[bytes, float]:
    """The streams' packets in a new file, and how many seconds they last."""
    out = io.BytesIO()
    begin, end = Fraction(10**9), Fraction(0)
    with av.open(out, "w", format=_WRITERS[kept_as], options=_BARE | (_BARE_MP3 if kept_as == "mp3" else {})) as target:
        copies: dict[int, Stream] = {}
        remarks: dict[int, BitStreamFilterContext] = {}
        for stream in streams:
            copies[stream.index] = copy = target.add_stream_from_template(stream)
            copy.metadata.clear()
            if stream.codec_context.name in _REMARKS:
                remarks[stream.index] = BitStreamFilterContext(_REMARKS[stream.codec_context.name], stream, copy)
        for packet in source.demux(*streams):
            if not packet.size:
                continue
            if packet.is_corrupt:
                raise Refused("recording_damaged")
            index = packet.stream_index
            begin, end = min(begin, _time(packet)), max(end, _time(packet) + _length(packet))
            if end - begin > MOST_SECONDS + _GRACE_SECONDS:
                raise Refused("too_long")
            for kept in remarks[index].filter(packet) if index in remarks else [packet]:
                kept.stream = copies[index]
                target.mux_one(kept)
    if end <= begin:
        raise Refused("recording_damaged")
    return out.getvalue(), float(end - begin)


def _time(packet: Packet) -> Fraction:
    when = packet.pts if packet.pts is not None else packet.dts
    return Fraction(when or 0) * packet.time_base


def _length(packet: Packet) -> Fraction:
    return Fraction(packet.duration or 0) * packet.time_base


def _looked_at(recording: bytes, kept_as: str) -> tuple[Picture, ...]:
    """The first picture of a film. The first piece of each stream is decoded to see that it can be; of a sound that is all."""
    pictures: tuple[Picture, ...] = ()
    with av.open(io.BytesIO(recording), "r", format=_READERS.get(kept_as) or _READERS[_WRAPPED_LIKE[kept_as]]) as source:
        unseen = {stream.index for stream in source.streams}
        for packet in source.demux():
            for frame in packet.decode():
                unseen.discard(packet.stream_index)
                if isinstance(frame, VideoFrame) and not pictures:
                    pictures = (picture_of(frame.to_image().rotate(frame.rotation, expand=True)),)
            if not unseen:
                return pictures
    raise Refused("recording_damaged")
