/**
 * Takes what a detector has learnt through one list of its fields, for keeping and for bringing back alike, so that the two
 * cannot differ: each call returns what the field is to be from now on.
 */
export interface Exchange {
  number(value: number): number;
  /** Of any length; undefined stays undefined. */
  list(values: number[] | undefined): number[] | undefined;
  /** Of a length that is known beforehand; filled in place. */
  floats(values: Float32Array): void;
}

export interface Kept {
  exchange(state: Exchange): void;
}

/** Bytes that `restored` brings back: the form, then every field; little-endian. */
export function saved(kept: Kept, form: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const put = (values: Float64Array | Float32Array) => {
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
  const number = (value: number) => {
    put(Float64Array.of(value));
    return value;
  };
  number(form);
  kept.exchange({
    number,
    list: (values) => {
      put(Float64Array.of(values?.length ?? -1, ...(values ?? [])));
      return values;
    },
    floats: (values) => put(values),
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Fills what was made anew; false, and it must not be used, where the bytes are of another form or not whole. */
export function restored(kept: Kept, form: number, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = () => {
    at += 8;
    return view.getFloat64(at - 8, true);
  };
  try {
    if (number() !== form) return false;
    kept.exchange({
      number,
      list: () => {
        const length = number();
        return length < 0 ? undefined : Array.from({ length }, number);
      },
      floats: (values) => {
        for (let index = 0; index < values.length; index += 1, at += 4) {
          values[index] = view.getFloat32(at, true);
        }
      },
    });
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  return at === bytes.length;
}
