/** The drawing within an element as a PNG file, twice as fine as on the screen, on the colour of the page. */
export async function picture(element: HTMLElement | null) {
  const drawing = element?.querySelector("svg");
  if (!element || !drawing) return;
  const { width, height } = drawing.getBoundingClientRect();
  const source = new Blob([new XMLSerializer().serializeToString(drawing)], { type: "image/svg+xml" });
  const address = URL.createObjectURL(source);
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const ink = canvas.getContext("2d");
  if (!ink) return;
  ink.fillStyle = getComputedStyle(element).getPropertyValue("--rgl-surface").trim() || "#fff";
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `pivot-${new Date().toISOString().slice(0, 10)}.png`;
  link.click();
}
