"""Files to send, made here by the libraries themselves, each with something in it that nobody may find afterwards."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache

import av
import img2pdf
import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

pillow_heif.register_heif_opener()

CANARY = "canary-7f3a-amina"
SCRIPT = f"<script>{CANARY}</script>"
ORIENTATION, GPS, DESCRIPTION = 0x0112, 0x8825, 0x010E


def picture(width: int = 400, height: int = 300) -> Image.Image:
    """White paper with a red corner, top left."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """A note, a place and an orientation, as a telephone writes them."""
    values = Image.Exif()
    values[ORIENTATION] = orientation
    values[DESCRIPTION] = CANARY
    values.get_ifd(GPS)[1] = CANARY
    return values


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


@cache
def jpeg(orientation: int = 1) -> bytes:
    xmp = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    return saved(picture(), "JPEG", exif=exif(orientation), comment=SCRIPT.encode(), xmp=xmp, icc_profile=CANARY.encode())


@cache
def png() -> bytes:
    words = PngInfo()
    words.add_text("Comment", SCRIPT)
    words.add_itxt("XML:com.adobe.xmp", CANARY, zip=True)
    return saved(picture(), "PNG", pnginfo=words, exif=exif())


@cache
def webp() -> bytes:
    return saved(picture(), "WEBP", exif=exif(), xmp=CANARY.encode())


@cache
def heic() -> bytes:
    return saved(picture(), "HEIF", exif=exif().tobytes(), xmp=CANARY.encode())


PHOTOS = {"jpeg": jpeg, "png": png, "webp": webp, "heic": heic}


def pdf_of_pages(count: int, size: tuple[float, float] = (595, 842), **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page(page_size=size)
        pdf.save(out, **options)
    return out.getvalue()


@cache
def pdf() -> bytes:
    """A scanned letter with everything that a PDF can have and a letter should not."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(img2pdf.convert(jpeg(), title=CANARY, author=CANARY))) as pdf:
        script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')")))
        pdf.attachments[f"{CANARY}.txt"] = CANARY.encode()
        pdf.Root.Names.JavaScript = Dictionary(Names=Array([String(CANARY), script]))
        pdf.Root.OpenAction = script
        pdf.Root.AA = Dictionary(WC=script)
        pdf.Root.URI = Dictionary(Base=String(CANARY))
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = CANARY
        page = pdf.pages[0].obj
        page.AA = Dictionary(O=script)
        page.PieceInfo = Dictionary(App=Dictionary(Private=String(CANARY)))
        page.Resources.XObject.values()  # a page as scanners make it: one picture
        for image in page.Resources.XObject.as_dict().values():
            image.Metadata = Stream(pdf, CANARY.encode())
        file = Dictionary(Type=Name.Filespec, F=String(CANARY), EF=Dictionary(F=Stream(pdf, CANARY.encode())))
        notes = [
            Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String(CANARY))),
            Dictionary(Subtype=Name.FileAttachment, FS=file, Contents=String(CANARY)),
            Dictionary(Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=String(CANARY))),
            Dictionary(Subtype=Name.Link, A=script),
            Dictionary(Subtype=Name.Text, Contents=String(CANARY)),
        ]
        for note in notes:
            note.update(Dictionary(Type=Name.Annot, Rect=Array([10, 10, 20, 20])))
        page.Annots = pdf.make_indirect(Array([pdf.make_indirect(note) for note in notes]))
        thing = pdf.make_indirect(Dictionary(Type=Name.OBJR, Obj=page.Annots[1]))
        pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=thing)
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, CANARY.encode()))
        pdf.save(out)
    return out.getvalue()


@cache
def filled_form() -> bytes:
    """A form somebody has filled in: what they typed stands in a field, drawn as a black square."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of_pages(1))) as pdf:
        ink = Stream(pdf, b"0 0 0 rg 0 0 100 100 re f")
        ink.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100])))
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Rhys"), F=4)
        field.update(Dictionary(Rect=Array([100, 100, 200, 200]), AP=Dictionary(N=pdf.make_indirect(ink))))
        widget = pdf.make_indirect(field)
        pdf.pages[0].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
        pdf.save(out)
    return out.getvalue()


_SOUND = {"aac": 44100, "libmp3lame": 44100, "libopus": 48000, "pcm_s16le": 48000, "vorbis": 44100}
TAGS = {"title": CANARY, "comment": CANARY, "location": "+51.5074-000.1278/", "artist": CANARY}
PLACE = b"+51.5074"


@cache
def recording(wrapper: str, film: str = "", sound: str = "", seconds: float = 2, **options: str) -> bytes:
    """A grey film, a quiet sound or both, with the place where it was made."""
    out = io.BytesIO()
    with av.open(out, "w", format=wrapper, options=dict(options)) as target:
        target.metadata.update(TAGS)
        streams = []
        if film:
            streams.append(target.add_stream(film, rate=10))
            streams[-1].width, streams[-1].height, streams[-1].pix_fmt = 160, 120, "yuv420p"
        if sound:
            streams.append(target.add_stream(sound, rate=_SOUND[sound], layout="stereo" if sound == "vorbis" else "mono"))
            if sound == "vorbis":
                streams[-1].codec_context.options = {"strict": "experimental"}
        for stream in streams:
            stream.metadata["title"] = CANARY
            for frame in _frames(stream, seconds):
                target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
    return out.getvalue()


def _frames(stream, seconds: float):
    if stream.type == "video":
        for number in range(int(seconds * 10)):
            frame = av.VideoFrame.from_image(picture(160, 120))
            frame.pts, frame.time_base = number, Fraction(1, 10)
            yield frame
        return
    stream.codec_context.open(strict=False)
    length = stream.codec_context.frame_size or 1024
    rate = stream.codec_context.sample_rate
    for number in range(int(seconds * rate / length)):
        frame = av.AudioFrame(stream.codec_context.format.name, stream.codec_context.layout.name, length)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = rate, number * length, Fraction(1, rate)
        yield frame
