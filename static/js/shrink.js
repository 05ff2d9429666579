// A photo is made smaller on the phone: a letter stays readable at 2,400 pixels and travels eight times as fast.
// What is drawn anew knows nothing of place, time and camera: they never leave the phone.
window.Linkbook ??= {};
Linkbook.shrink = async (file) => {
  const longSide = 2400;
  const quality = 0.82;
  if (!file.type.startsWith("image/")) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    // A kind of picture this browser cannot open (HEIC, mostly): the server can.
    return file;
  }
  const scale = Math.min(1, longSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  // An old phone gives the memory of a canvas back when it has no size.
  canvas.width = canvas.height = 0;
  return smaller ?? file;
};
