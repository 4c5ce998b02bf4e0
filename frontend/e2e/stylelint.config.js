export default {
  extends: 'stylelint-config-standard',
  ignoreFiles: ['node_modules/**', 'test-results/**'],
  rules: {
    'declaration-no-important': [true, { message: 'layers decide what wins' }],
    'color-named': 'never',
    // Blocks are named after their component, with - for parts and states.
    'selector-class-pattern': '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
    // States stand beside the rule they vary, which this rule takes for disorder.
    'no-descending-specificity': null,
    // Safari before 16.4 cannot read (width >= 40rem).
    'media-feature-range-notation': 'prefix',
  },
  overrides: [
    // What is hidden stays hidden, and motion that is not wanted stays off,
    // whatever layer says otherwise: the one use that !important has.
    { files: ['../base.css'], rules: { 'declaration-no-important': null } },
  ],
};
