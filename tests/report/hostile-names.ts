/** Names that somebody may give a PAT to break what shows them. */
export const hostileNames = [
  '| a | b |\n|---|---|',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '![](https://evil.example/pixel.png)',
  'https://evil.example www.evil.example a@evil.example',
  '# heading\n- list\n> quote',
  '`code` **bold** _it_ ~~gone~~',
  '@<00000000-0000-0000-0000-000000000000> #123 !456 :smile:',
  '##vso[task.setvariable variable=x]y',
  '##[error]nothing happened',
  '&lt;b&gt; &#60;i&#62; &amp;',
  'back\\slash \\| pipe',
  '$(sa_password) {{ secrets }}',
  'a\u202egnp.exe',
  'tab\tand\u0007bell',
];
