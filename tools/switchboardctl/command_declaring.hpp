#pragma once

#include <memory>

#include <CLI/CLI.hpp>

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

template <class Command> void when_given(CLI::App* sub, command_line& into, Command command) {
  sub->callback([&into, command] { into.run = command; });
}

/// A command that asks a running daemon.
template <class Command> void when_asked(CLI::App* sub, command_line& into, Command command) {
  when_given(sub, into, [&into, command]() -> outcome {
    auto daemon = control_client::connect(into.control);
    if (!daemon) return tl::unexpected(daemon.error());
    return command(*daemon);
  });
}

}  // namespace switchboard::ctl
