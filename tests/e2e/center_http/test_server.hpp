#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// HTTP servers for tests, as children of the test.
namespace switchboard::center {

/// A folder of one test's own, gone with the test.
class test_folder {
 public:
  test_folder();
  ~test_folder();
  test_folder(const test_folder&) = delete;
  std::string path(const std::string& below = {}) const;
  void write(const std::string& below, const std::string& text) const;
  std::string read(const std::string& below) const;

 private:
  std::filesystem::path path_;
};

/// A program that runs until this is gone.
class child_program {
 public:
  /// Waits for the first line it prints.
  child_program(const std::vector<std::string>& command, std::string* first_line);
  ~child_program();
  child_program(const child_program&) = delete;

 private:
  int pid_ = -1;
};

/// Apache (Debian's apache2-bin) that serves the files under `www` of a folder; with `tls`, by a
/// certificate for 127.0.0.1 that `ca.pem` of the folder vouches for.
class apache_server {
 public:
  explicit apache_server(const test_folder& folder, bool tls = false);
  int port() const { return port_; }

 private:
  int port_ = 0;
  std::unique_ptr<child_program> child_;
};

/// tests/e2e/clients/fault_proxy.py before a server.
class fault_proxy {
 public:
  explicit fault_proxy(int upstream);
  int port() const { return port_; }
  void mode(const std::string& what) const { folder_.write("mode", what); }
  /// One entry a request: the connection's number, and how many were served at once.
  std::vector<std::pair<int, int>> requests() const;
  std::string log() const { return folder_.read("requests"); }

 private:
  test_folder folder_;
  int port_ = 0;
  std::unique_ptr<child_program> child_;
};

}  // namespace switchboard::center
