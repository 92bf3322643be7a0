#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

namespace switchboard::attachment {

/// A file that is being brought, hashed while it grows. Gone with the object unless it was kept.
class growing_file {
 public:
  static result<std::unique_ptr<growing_file>> create(const std::string& path);
  ~growing_file();
  result<void> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  /// Flushes to disk; the SHA-256 of all, in hex.
  result<std::string> seal();
  const std::string& path() const { return path_; }

 private:
  growing_file(std::string path, int fd);
  struct hasher;
  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
  std::unique_ptr<hasher> hash_;
};

/// Contents on disk under their SHA-256: `objects/ab/abcdef...`. A content is there whole or not at
/// all: it is written beside, flushed and renamed, and so is the folder. One thread's.
class content_files {
 public:
  /// Makes the folders, and clears what was under way when the last run ended.
  static result<content_files> open(const std::string& dir);
  /// As it lies there, to be read: makes and clears nothing.
  static content_files at(const std::string& dir) { return content_files(dir); }
  static void clear_incoming(const std::string& dir);
  /// What the disk under `dir` still takes of this process; all there is where nobody can tell.
  static std::uint64_t free_bytes(const std::string& dir);

  result<std::unique_ptr<growing_file>> begin(const std::string& name) const;
  /// The file becomes the content of that hash; where there is one already, that stays.
  result<void> keep(const growing_file& file, const std::string& sha256) const;
  result<std::string> read(const std::string& sha256, std::uint64_t offset,
                           std::size_t limit) const;
  /// Reads it whole: `internal` where it is not what its name says.
  result<void> check(const std::string& sha256) const;
  void remove(const std::string& sha256) const;
  /// Copies all contents into another folder of this form. Any thread; what is removed meanwhile
  /// may be missing.
  result<void> copy_to(const std::string& dir) const;
  /// Visits the hashes of all contents.
  void for_each(const std::function<void(const std::string& sha256)>& visit) const;

 private:
  explicit content_files(std::string dir) : dir_(std::move(dir)) {}
  std::string folder_of(const std::string& sha256) const {
    return dir_ + "/objects/" + sha256.substr(0, 2);
  }
  std::string path_of(const std::string& sha256) const { return folder_of(sha256) + "/" + sha256; }
  std::string dir_;
};

}  // namespace switchboard::attachment
