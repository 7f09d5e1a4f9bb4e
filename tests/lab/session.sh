# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# What the live system runs in the lab: the steps that lab=STEP,STEP on the kernel's command line
# names. It prints the files that each leaves behind; tests/lab/boot.py reads that.

# The terminal's newlines would end up within what is printed.
stty raw

# With its digest, since the console might lose something.
show() {
    echo "LAB-BEGIN $1"
    case $1 in
    *.gz) base64 <"$1" ;;
    *) cat "$1" ;;
    esac
    # The marker stands alone even where a file's last line has no end.
    echo
    echo "LAB-END $1 $(sha256sum <"$1" | cut -d' ' -f1)"
}

# Firmware leaves its own last line open.
echo
# The kernel makes variables of the words it does not know.
# shellcheck disable=SC2154
for step in $(echo "$lab" | tr , ' '); do
    mkdir -p "/tmp/lab/$step"
    cd "/tmp/lab/$step" || break
    sh "/steps/$step.sh" >log 2>&1
    cd /tmp/lab || break
    for file in "$step"/*; do
        show "$file"
    done
done
echo LAB-DONE
# Changing the terminal waits until all of it is out: real serial lines are slow.
stty raw
