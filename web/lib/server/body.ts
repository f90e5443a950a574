/**
 * The body of a request.
 * @param most bytes; what a request says of its length is not enough to go by, so that they are counted
 * @returns null when there are more
 */
export async function readBytes(request: Request, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > most) return null;
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request.body ?? []) {
      size += piece.length;
      if (size > most) return null;
      pieces.push(piece);
    }
  } catch (error) {
    // The server's own limit, for a body that does not state its length.
    if ((error as { status?: unknown }).status === 413) return null;
    throw error;
  }
  return Buffer.concat(pieces);
}

/**
 * The form that a request brings.
 * @param most bytes of its body
 */
export async function readForm(request: Request, most: number): Promise<FormData | 'too-large' | 'no-form'> {
  const bytes = await readBytes(request, most);
  if (bytes === null) return 'too-large';
  try {
    const type = request.headers.get('content-type') ?? '';
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch (error) {
    // Not a form, or one that was cut off on its way.
    if (error instanceof TypeError) return 'no-form';
    throw error;
  }
}
