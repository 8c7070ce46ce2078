# fish completion for whatsrunning, as `whatsrunning completion fish` prints it.
function __whatsrunning_candidates
    set -l typed (commandline -opc)
    set -l begun (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' "$begun")
    set -l value (string replace -r -- '^--[^=]*=' '' "$begun")
    set -l lines (command $typed[1] --complete -- $typed[2..-1] "$begun" 2>/dev/null)
    switch "$lines[-1]"
        case :0
            set lines (__fish_complete_path "$value") :
        case :16
            set lines (__fish_complete_directories "$value") :
    end
    string join \n -- "$option"$lines[1..-2]
end
complete -c whatsrunning -f -a '(__whatsrunning_candidates)'
