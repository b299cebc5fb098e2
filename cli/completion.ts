import { type CommandName, commandOptions, type Flag, flagsOf } from './options.ts';

export const shells = ['bash', 'zsh', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** A script that teaches a shell the command's words, made of the one table of flags. */
export function completionFor(shell: Shell): string {
  return { bash, zsh, powershell }[shell]();
}

const names = commandOptions.map(({ name }) => name);

/** What comes after a command's name where that is no flag. */
const argumentsOf = (command: CommandName): readonly string[] => (command === 'completion' ? shells : []);

function bash(): string {
  const flags = (command: CommandName) => flagsOf(command).map(({ name }) => `--${name}`);
  const words = names.map((name) => `    ${name}) words='${[...argumentsOf(name), ...flags(name)].join(' ')}' ;;`);
  const values = valuedFlags().map(({ name, choices, isFile }) =>
    isFile
      ? `    --${name}) COMPREPLY=($(compgen -f -- "$word")); return ;;`
      : `    --${name}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); return ;;`,
  );
  return `# renew-pats completion bash > ~/.local/share/bash-completion/completions/renew-pats
_renew_pats() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  case "$before" in
${values.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${names.join(' ')} help --help --version'
  else case "\${COMP_WORDS[1]}" in
${words.join('\n')}
    help) words='${names.join(' ')}' ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _renew_pats renew-pats
`;
}

function zsh(): string {
  const described = (word: string, help: string) => quoted(`${word.replaceAll(':', '\\:')}:${help}`);
  const commands = commandOptions.map(({ name, help }) => `    ${described(name, help)}`);
  const flags = names.map((name) => {
    const rows = flagsOf(name).map((flag) => `        ${described(`--${flag.name}`, flag.help)}`);
    return `    ${name}) offers=(\n${[...argumentsOf(name).map((word) => `        ${word}`), ...rows].join('\n')}\n      ) ;;`;
  });
  const values = valuedFlags().map(({ name, choices, isFile }) =>
    isFile ? `    --${name}) _files; return ;;` : `    --${name}) compadd -- ${choices.join(' ')}; return ;;`,
  );
  return `#compdef renew-pats
# renew-pats completion zsh > "\${fpath[1]}/_renew-pats", or: source <(renew-pats completion zsh)
_renew_pats() {
  local -a commands offers
  commands=(
${commands.join('\n')}
  )
  case "\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "\${words[2]}" in
${flags.join('\n')}
    help) offers=("\${commands[@]}") ;;
  esac
  _describe 'flag' offers
}
if [ "\${funcstack[1]}" = '_renew-pats' ]; then _renew_pats; else compdef _renew_pats renew-pats; fi
`;
}

function powershell(): string {
  const row = (word: string, help: string) => `    @{ Word = ${psQuoted(word)}; Help = ${psQuoted(help)} }`;
  const tables = names.map((name) => {
    const rows = [
      ...argumentsOf(name).map((word) => row(word, word)),
      ...flagsOf(name).map((flag) => row(`--${flag.name}`, flag.help)),
    ];
    return `  ${psQuoted(name)} = @(\n${rows.join('\n')}\n  )`;
  });
  const values = valuedFlags()
    .filter(({ isFile }) => !isFile)
    .map(({ name, choices }) => `  ${psQuoted(`--${name}`)} = @(${choices.map(psQuoted).join(', ')})`);
  const files = valuedFlags()
    .filter(({ isFile }) => isFile)
    .map(({ name }) => psQuoted(`--${name}`));
  return `# renew-pats completion powershell | Out-String | Invoke-Expression   (in $PROFILE)
$RenewPatsCommands = @(
${commandOptions.map(({ name, help }) => row(name, help)).join('\n')}
)
$RenewPatsWords = @{
${tables.join('\n')}
}
$RenewPatsValues = @{
${values.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName 'renew-pats' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $before = $typed[-1]
  if (${files.map((name) => `$before -eq ${name}`).join(' -or ')}) { return }
  $words = if ($RenewPatsValues.ContainsKey($before)) {
    $RenewPatsValues[$before] | ForEach-Object { @{ Word = $_; Help = $_ } }
  } elseif ($typed.Count -le 1) {
    $RenewPatsCommands
  } elseif ($RenewPatsWords.ContainsKey($typed[1])) {
    $RenewPatsWords[$typed[1]]
  }
  $words | Where-Object { $_.Word -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Word, $_.Word, 'ParameterValue', $_.Help)
  }
}
`;
}

/** Flags whose values a shell can offer, each once. */
function valuedFlags(): readonly Flag[] {
  const flags = new Map(names.flatMap(flagsOf).map((flag) => [flag.name, flag]));
  return [...flags.values()].filter(({ choices, isFile }) => choices.length > 0 || isFile);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** PowerShell takes the typographic apostrophe for a quotation mark as well. */
function psQuoted(text: string): string {
  return `'${text.replaceAll(/['’]/g, "''")}'`;
}
