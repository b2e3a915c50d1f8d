// Coding base64 by hand: `atob` is no part of the language, and it knows neither the alphabet for URLs nor bytes.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const digitOfCode: Int8Array = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 64; digit++) digitOfCode[alphabet.charCodeAt(digit)] = digit;
digitOfCode['-'.charCodeAt(0)] = 62;
digitOfCode['_'.charCodeAt(0)] = 63;

/** The bytes of base64 text (RFC 4648, the alphabet for URLs as well, padding optional); undefined where it is none. */
export function bytesFromBase64(text: string): Uint8Array | undefined {
  let length = text.length;
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === 61) length--;
  if (length % 4 === 1 || (length < text.length && text.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let position = 0; position < length; position++) {
    const digit = digitOfCode[text.charCodeAt(position)] ?? -1;
    if (digit < 0) return undefined;
    held = ((held & 0xffff) << 6) | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  return bytes;
}

/** Base64 with padding (RFC 4648). */
export function base64FromBytes(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    parts.push(
      alphabet[word >> 18]! +
        alphabet[(word >> 12) & 63]! +
        (left > 1 ? alphabet[(word >> 6) & 63]! : '=') +
        (left > 2 ? alphabet[word & 63]! : '='),
    );
  }
  return parts.join('');
}
