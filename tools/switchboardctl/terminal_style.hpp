#pragma once

#include <cstddef>
#include <string>

/// Colours and the size of the terminal on the standard output. Set once, when a program begins.
namespace switchboard::terminal {

enum class tone { plain, title, warning, bad, faint };

/// Colours from now on: a terminal that knows them, and NO_COLOR not set (https://no-color.org).
/// Without this call there are none.
void use_colours_of_terminal();
/// The text between what switches its colour on and off; plain where there are no colours.
std::string toned(const std::string& text, tone as);

/// 120 where it is no terminal: a file takes long lines, people may read it.
std::size_t columns();
/// 0 where it is no terminal.
std::size_t rows();

}  // namespace switchboard::terminal
