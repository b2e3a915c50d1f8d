import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Testing Library cleans up by itself only where test globals exist, and there are none here.
afterEach(cleanup);

// A loaded machine shows late: only what never comes is to fail.
configure({ asyncUtilTimeout: 10_000 });
