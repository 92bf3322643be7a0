# Completes what a program's own --help lists: commands and options of what is typed so far.
_switchboard() {
  local word=${COMP_WORDS[COMP_CWORD]} given=() w
  for w in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $w == -* ]] || given+=("$w")
  done
  local names
  names=$("${COMP_WORDS[0]}" "${given[@]}" --help 2>/dev/null | awk '
    /^Examples:/ { exit }
    /^  [a-z-]/ { n = split($1, part, ","); for (i = 1; i <= n; i++) print part[i] }')
  mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
  # A program that knows no such word says nothing here: perhaps a file is meant.
  [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -F _switchboard switchboardd switchboardctl switchboard-channel switchboard-demo switchboard-sim
