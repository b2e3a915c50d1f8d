/** Of `trustedTypes`, which browsers without it and the types of the DOM do not know. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptAddresses;
}

interface ScriptAddresses {
  /** A `TrustedScriptURL`, which stands wherever a string may. */
  createScriptURL(address: string): string;
}

/**
 * `new Worker`, also on a page whose Content-Security-Policy says `require-trusted-types-for 'script'`: the address goes through the
 * policy `spanscope`, which lets through the script that the package brings along and nothing else.
 */
export function openWorker(address: string, options?: WorkerOptions): Worker {
  return new Worker(address.startsWith('blob:') ? trusted(address) : address, options);
}

let policy: ScriptAddresses | undefined;

/** Where the page lets no policy of that name be made, the string, which it may yet let pass. */
function trusted(address: string): string {
  try {
    const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
    // Once: a page can allow a name without allowing it twice.
    policy ??= trustedTypes?.createPolicy('spanscope', { createScriptURL: (own) => own });
  } catch {
    // Refused, by the page or since another copy of the package has it.
  }
  return policy?.createScriptURL(address) ?? address;
}
