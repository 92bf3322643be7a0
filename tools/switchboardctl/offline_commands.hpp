#pragma once

#include <string>

#include "tools/switchboardctl/envelope.hpp"

/// What needs no running daemon.
namespace switchboard::ctl {

struct import_options {
  /// member, tag, product, or trade (the trade center's orders; `order` is the same).
  std::string kind;
  std::string file;
  /// csv or jsonl; empty: by the file's name.
  std::string format;
  /// The embedded centers' folder, or the daemon's options file that names it.
  std::string dir;
  std::string config;
  /// Leaves only what the file brings.
  bool replace = false;
};

/// All of the file or nothing of it; the daemon may be running. Every error names file and line.
outcome import_file(const import_options& options);

/// Checks a daemon's options file together with its dispatch file, or a dispatch file alone.
/// Nothing is changed.
outcome check_config(const std::string& path);

struct verify_options {
  /// The daemon's data_dir or a backup, or the store in it.
  std::string dir;
  /// The embedded centers, where they do not lie beside the store.
  std::string centers;
};

/// Reads all of a store that nobody has open, with the attachments and embedded centers beside it;
/// changes nothing, and names everything that is damaged.
outcome verify_store(const verify_options& options);

}  // namespace switchboard::ctl
