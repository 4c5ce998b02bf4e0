import js from '@eslint/js';
import globals from 'globals';

// Run from the top of the repository (`npm run lint` does), because ESLint
// looks at nothing outside the folder it is started in.
export default [
  { ignores: ['**/node_modules', '**/test-results', 'bin'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { ecmaVersion: 2022, globals: { ...globals.browser, ...globals.node } },
    rules: { eqeqeq: 'error', 'no-eval': 'error', 'no-implied-eval': 'error', 'no-var': 'error', 'prefer-const': 'error' },
  },
];
